/**
 * {@code report.html}. In: a run's report, its centroids and their sizes. Out: one file that draws
 * them, in any browser, without network.
 */
package io.flashlloyd.spark.report.page;
