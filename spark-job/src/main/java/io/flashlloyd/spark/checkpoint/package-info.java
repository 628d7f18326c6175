/**
 * Runs that can be taken up again. In: the states that the loop reaches. Out: folders of which the
 * newest whole one is where a later run goes on.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.checkpoint;
