/**
 * Formats that are one matrix: .npy, .npz, .fvecs, .bvecs, .fbin, .u8bin, .i8bin, in gzip or not.
 * In: bytes at a fixed stride. Out: coordinates. For this module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.flat;
