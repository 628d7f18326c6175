/**
 * The command line. In: arguments. Out: exit status, a live line, and what the run package writes.
 */
package io.flashlloyd.spark.cli;
