/**
 * Lance data sets, by Lance's own library. In: row ids and partitions. Out: a local folder.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.lance;
