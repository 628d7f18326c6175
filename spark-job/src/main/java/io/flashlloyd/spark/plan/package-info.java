/**
 * What a run would cost, before there is one. In: a shape and a cluster. Out: bytes, operations and
 * seconds of an iteration.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.plan;
