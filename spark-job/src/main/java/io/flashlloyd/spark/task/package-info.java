/**
 * What runs in an executor. In: its chunks and the centroids. Out: partial sums, or files of rows.
 */
package io.flashlloyd.spark.task;
