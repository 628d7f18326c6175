/**
 * The rows as Spark sees them. In: files or a DataFrame. Out: chunks, decoded once, kept in the
 * executors and handed to tasks; results merged at the driver.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.data;
