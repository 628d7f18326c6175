/**
 * {@code report.html}. In: a run's report, its centroids and their sizes. Out: one file that draws
 * them, in any browser, without network.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.report.page;
