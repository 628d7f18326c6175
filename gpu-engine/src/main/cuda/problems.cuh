// Many independent clusterings, *problems*, in one launch: the same kernels, each CTA or warp with its
// problem's part of everything.
//
//   rows      Each problem's rows take places first_row .. end_row - 1 of the launch, and first_row is a
//             multiple of 384, so that a tile of rows is of one problem. Arrays that a problem brings
//             (rows, norms, assignments ...) stay where they are: their addresses are set back by
//             first_row, so that a place finds its own row. What the kernels keep for a pass is by place.
//   clusters  Each problem's centroids begin with a tile of 128, and the number of a cluster or a group of
//             8 is the launch's; only assignments are written, and read, as the problem's own.
//
// Row tiles' places behind end_row have no row: the screen puts them into the group behind all others,
// which nobody decides.
#pragma once
#include "decide.cuh"

namespace flashlloyd {

constexpr int kPlacesPerTile = 384;

enum ProblemSums { kSumNone, kSumAll, kSumMoved };

struct Problem {
  const unsigned char* screen;  // these eight are set back by first_row; what is not there is null
  const u32* rows;
  const u64* weights;
  const float* norms;
  const float* residuals;
  int* assignments;
  double* distances;
  const int* previous;
  const float* shift;      // [dimension]
  double scale_squared;
  RowNorms* row_norms;
  const float* centroids;  // [k x dimension], as they came
  const double* scales;    // [dimension] 2^exponent
  u64* results;            // see collect_totals
  float scale;
  int cost_base;
  int first_row;
  int end_row;
  int first_tile;
  int k;
  u32 split_high;
  u32 split_low;
  int sums;                // ProblemSums
  int padding;

  __device__ __forceinline__ int first_cluster() const { return first_tile * kTileCentroids; }
  __device__ __forceinline__ int end_cluster() const { return first_cluster() + k; }
  __device__ __forceinline__ int end_tile() const {
    return first_tile + (k + kTileCentroids - 1) / kTileCentroids;
  }
};

static_assert(sizeof(Problem) == 152, "ProblemTables.java writes these");

struct Problems {
  const Problem* all;
  const int* row_tiles;       // [places / kPlacesPerTile] the problem of each
  const int* centroid_tiles;  // [tiles] likewise
  CentroidBounds* bounds;     // [problems]
  int places;
  int tiles;

  __device__ __forceinline__ int of_row(int place) const {
    return row_tiles[place / kPlacesPerTile];
  }
  __device__ __forceinline__ int of_cluster(int cluster) const {
    return centroid_tiles[cluster / kTileCentroids];
  }

  // Makes the arguments of a launch those of one problem.
  __device__ __forceinline__ void focus(int index, ChunkRows& x, RowResults& results,
                                        Totals& totals) const {
    const Problem& p = all[index];
    x.rows = p.rows;
    x.weights = p.weights;
    x.shift = p.shift;
    x.frame.scale = p.scale;
    x.frame.scale_squared = p.scale_squared;
    results.distances = p.distances;
    if (p.sums != kSumAll) {
      totals.low = nullptr;
      totals.high = nullptr;
    }
    totals.scales = p.scales;
    totals.cost_base = p.cost_base;
  }
};

}  // namespace flashlloyd
