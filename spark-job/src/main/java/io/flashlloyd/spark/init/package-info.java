/**
 * First centroids, functions of the multiset of rows and the seed only (design section 2.6). In:
 * chunks. Out: centroids.
 */
package io.flashlloyd.spark.init;
