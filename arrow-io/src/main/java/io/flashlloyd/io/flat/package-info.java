/**
 * Formats that are one matrix: .npy, .fvecs, .bvecs, .fbin, .u8bin, .i8bin. In: bytes at a fixed
 * stride. Out: coordinates. For this module's own use.
 */
package io.flashlloyd.io.flat;
