/**
 * The rows as Spark sees them. In: files or a DataFrame. Out: chunks, decoded once, kept in the
 * executors and handed to tasks; results merged at the driver.
 */
package io.flashlloyd.spark.data;
