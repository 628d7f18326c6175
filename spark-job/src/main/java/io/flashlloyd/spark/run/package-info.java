/**
 * Folders of results. In: centroids, assignments, numbers. Out: files that appear whole or not at
 * all.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.run;
