/**
 * The CPU engine. In: chunk buffers and centroids. Out: assignments and partial sums, the bits of
 * the reference engine: a float32 screen on the vector units with a proved bound, then canonical
 * distances for what it leaves open.
 */
package io.flashlloyd.engine.cpu;
