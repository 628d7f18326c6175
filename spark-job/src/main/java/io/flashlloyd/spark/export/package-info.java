/**
 * Runs to the files of vector stores. In: vectors, and the clusters that a run gave them. Out: for
 * each cluster its list of rows, in a store's own layout, in files that no memory need hold.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.export;
