/**
 * Folders of results. In: centroids, assignments, numbers. Out: files that appear whole or not at
 * all.
 */
package io.flashlloyd.spark.run;
