/**
 * The door to input: files of vectors to Arrow chunks. Knows Hadoop's file systems and Arrow; no
 * Spark, no CUDA. In: {@link io.flashlloyd.io.InputSpec}. Out: {@link
 * io.flashlloyd.io.VectorChunk}.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io;
