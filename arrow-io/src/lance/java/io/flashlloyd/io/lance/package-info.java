/** Lance data sets, by Lance's own library. In: row ids and partitions. Out: a local folder. */
package io.flashlloyd.io.lance;
