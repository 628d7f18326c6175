/**
 * A fit: first centroids, then the Lloyd loop. In: chunks, parameters. Out: centroids and a report
 * of each iteration, functions of the multiset of rows, the parameters and the seed only.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.fit;
