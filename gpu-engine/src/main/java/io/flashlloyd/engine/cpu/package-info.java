/**
 * The CPU engine. In: chunk buffers and centroids. Out: assignments and partial sums, the bits of
 * the reference engine: a float32 screen on the vector units with a proved bound, then canonical
 * distances for what it leaves open.
 *
 * <p>For the JIT of JDK 17, all vectors here are of the preferred species of their element type. As
 * long as only one subclass of FloatVector is linked, C2 knows the class of every vector while it
 * parses; with a second one it must find out later, runs over its node budget in the register tile
 * and boxes every vector (measured: half the speed). A test watches what a pass allocates.
 *
 * @since 0.1.0
 */
package io.flashlloyd.engine.cpu;
