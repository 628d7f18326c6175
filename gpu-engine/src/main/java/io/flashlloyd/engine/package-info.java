/**
 * In: chunk buffers and centroids. Out: assignments and partial sums. {@link
 * io.flashlloyd.engine.LloydEngine} is the door; engines differ in speed only.
 */
package io.flashlloyd.engine;
