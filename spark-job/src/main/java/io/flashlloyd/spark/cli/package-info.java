/**
 * The command line. In: arguments. Out: exit status, a live line, and what the run package writes.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark.cli;
