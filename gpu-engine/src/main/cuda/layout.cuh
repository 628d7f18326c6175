// The layouts that the screen's kernels share.
//
// A centroid tile is 128 centroids x 64 columns of float16, 16 KiB, in the 128-byte-swizzled form
// that wgmma reads as a K-major B operand (and that ldmatrix reads without bank conflicts). A tile
// row is not a centroid in order, and its columns are permuted too:
//
//   rows     of the mma accumulator a thread holds columns 8j + 2q + {0, 1} (q = lane % 4). The
//            image puts 8 consecutive centroids, a *group*, into the four pairs j = 4i .. 4i+3, so
//            that all scores of a group are in one thread.
//   columns  a dot product does not mind the order of its terms. With this order of the 32 columns
//            of two k-steps, the A fragment of a thread is 8 consecutive columns: one 16-byte load.
//
// images [tiles x slices x 128 x 64] float16, tiles = ceil(k / 128), slices = ceil(dimension / 64)
//
// Starts [tiles x 128]: what the accumulators of the screen that names the centroid begin with instead of
// zero, in the order of the tile's rows: the two of a thread's pair j are next to each other.
#pragma once
#include "exact.cuh"

// Kernels that need float16 mma and cp.async are empty on sm_75, where the engine does not call them.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define FROM_SM80(...) __VA_ARGS__
#else
#define FROM_SM80(...)
#endif

namespace flashlloyd {

constexpr int kTileCentroids = 128;
constexpr int kGroup = 8;
constexpr int kGroupsPerTile = kTileCentroids / kGroup;
constexpr int kSliceColumns = 64;
constexpr int kSliceBytes = kTileCentroids * kSliceColumns * 2;

// The tile row that holds centroid `c` (0 .. 127) of the tile.
__host__ __device__ constexpr int image_row(int c) {
  return ((c >> 3) >> 2) * 32 + ((c & 7) >> 1) * 8 + ((c >> 3) & 3) * 2 + (c & 1);
}

// The position (0 .. 63) of column `t` (0 .. 63) of the slice.
__host__ __device__ constexpr int image_column(int t) {
  return (t & 32) + ((t >> 2) & 1) * 16 + ((t >> 1) & 1) * 8 + ((t >> 3) & 3) * 2 + (t & 1);
}

// Byte offset inside a slice of a tile's image: 16-byte pieces are XORed with the row.
__host__ __device__ constexpr int image_offset(int row, int column) {
  return row * 128 + ((((column >> 3) ^ row) & 7) << 4) + (column & 7) * 2;
}

// What the screen and the proof of its bound know about the centroids, in the frame's units
// (x' = (x - mean) * scale); see error_bound.cuh.
struct CentroidBounds {
  u32 max_norm;        // max ||c'||, float32 bits, rounded up
  u32 max_relative;    // max (||c' - c~|| - absolute) / ||c'||, float32 bits, rounded up
  float row_norm;      // rows up to this ||x~|| ...
  float row_residual;  // ... and this ||x' - x~|| have their error in the half norms already
  float offset;        // what is added to scores so that those that matter are positive
  u32 min_norm;        // min ||c'||, float32 bits, rounded down; complement, so that it grows from zero
  u32 max_doubt;       // how much a score that began at a start may be above the true one: float32 bits
};

// Of the rows decided so far in a frame; what is typical makes the half norms of the next pass. Any
// numbers give the same results; good ones leave fewer rows undecided.
struct RowNorms {
  double norm_squares;
  double residual_squares;
  double rows;
};

// float32 columns of a row, padded to a multiple of 16 with zeros.
__host__ __device__ constexpr int padded_dimension(int dimension) {
  return (dimension + 15) / 16 * 16;
}

}  // namespace flashlloyd
