/**
 * Many fits in one job. In: the rows of many groups, or slices of vectors. Out: centroids and
 * numbers of each, with the bits of a fit of that group or slice alone.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.many;
