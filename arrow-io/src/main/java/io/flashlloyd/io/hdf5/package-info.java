/**
 * HDF5, as ann-benchmarks ships data sets. In: a data set of two sides, wherever the file lies.
 * Out: coordinates, and ids of a data set of one side. For this module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.hdf5;
