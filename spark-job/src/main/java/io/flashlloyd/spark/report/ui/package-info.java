/** The tab "k-means" of Spark's UI. In: the driver's live runs. Out: HTML. */
package io.flashlloyd.spark.report.ui;
