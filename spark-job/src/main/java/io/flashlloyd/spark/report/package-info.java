/**
 * What people see: the live line while a job runs, the numbers of each iteration, the report.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.report;
