/**
 * The executors of an application. In: settings, and the GPUs that Spark gives. Out: the one engine
 * of this process, and who is alive.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.executor;
