/**
 * The loop. In: chunks and initial centroids. Out: final centroids and a report of each iteration.
 */
package io.flashlloyd.spark.lloyd;
