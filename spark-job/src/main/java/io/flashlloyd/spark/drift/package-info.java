/**
 * Whether data has moved. In: what a run knew of its rows, and a pass of new rows over its
 * centroids. Out: measures, each beside what chance gives, and a decision.
 */
package io.flashlloyd.spark.drift;
