/** What people see: the live line while a job runs, the numbers of each iteration, the report. */
package io.flashlloyd.spark.report;
