/**
 * Chunks in an executor. In: decoded chunks of splits. Out: the same chunks, pass after pass, from
 * the engine's card, page-locked memory, host memory or local disk.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.store;
