/**
 * Clusters that keep their numbers. In: the centroids of two runs, and a drift. Out: which cluster
 * is which, and what a night's job should do.
 */
package io.flashlloyd.spark.reindex;
