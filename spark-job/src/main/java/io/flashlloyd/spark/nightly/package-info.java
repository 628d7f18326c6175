/**
 * The nightly job. In: a run and new rows. Out: how far the rows have moved, clusters that keep
 * their numbers, and the rows that changed theirs.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.nightly;
