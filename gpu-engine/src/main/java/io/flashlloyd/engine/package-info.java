/**
 * In: chunk buffers and centroids. Out: assignments and partial sums. {@link
 * io.flashlloyd.engine.LloydEngine} is the door; engines differ in speed only.
 *
 * @since 0.1.0
 */
package io.flashlloyd.engine;
