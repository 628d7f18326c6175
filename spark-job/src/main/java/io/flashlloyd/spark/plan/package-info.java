/**
 * What a run would cost, before there is one. In: a shape and a cluster. Out: bytes, operations and
 * seconds of an iteration.
 */
package io.flashlloyd.spark.plan;
