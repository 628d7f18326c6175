/**
 * The GPU engine. In: chunk buffers, centroids. Out: the bits of the reference engine, computed by
 * the kernels in {@code src/main/cuda} through the CUDA driver. {@link
 * io.flashlloyd.engine.cuda.CudaEngine} is the door.
 *
 * @since 0.1.0
 */
package io.flashlloyd.engine.cuda;
