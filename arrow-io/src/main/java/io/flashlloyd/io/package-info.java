/**
 * Files of vectors to Arrow chunks, and results to files. Knows Hadoop's file systems and Arrow;
 * no Spark, no CUDA. In: {@link io.flashlloyd.io.InputSpec}. Out:
 * {@link io.flashlloyd.io.VectorChunk}.
 */
package io.flashlloyd.io;
