/**
 * The tab "k-means" of Spark's UI. In: the driver's live runs. Out: HTML.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.report.ui;
