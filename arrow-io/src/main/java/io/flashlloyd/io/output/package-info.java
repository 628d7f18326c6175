/**
 * Results to files, each written beside its place and renamed. In: centroids, assignments. Out:
 * files. For this module's own use.
 */
package io.flashlloyd.io.output;
