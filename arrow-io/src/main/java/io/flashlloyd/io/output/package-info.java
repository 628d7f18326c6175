/**
 * A door: results to files and back. In: centroids, assignments. Out: files, each written beside
 * its place and renamed. Its tools for writing files are for this module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.output;
