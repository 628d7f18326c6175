// What deciding a row needs to know and where its results go, for all kernels that decide rows.
#pragma once
#include "screen.cuh"

namespace flashlloyd {

// The rows of a chunk in their own type, padded to 16-byte rows.
struct ChunkRows {
  const u32* rows;           // [n x row_words]
  const float* residuals;    // [n] ||x' - x~||, or null where x~ = x' exactly
  const u64* weights;        // [n], or null where each row counts once
  const float* shift;        // [dimension] mean * scale
  ScreenFrame frame;
  int n;
  int row_words;
};

// Centroids as prepare_centroids leaves them.
struct CentroidSet {
  const float* padded;
  const unsigned char* images;
  const float* half_norms;
  const CentroidBounds* bounds;
  RowNorms* row_norms;  // grows by the rows decided
  int k;
  int dimension;
};

// Per row results of this chunk.
struct RowResults {
  int* assignments;     // [n]
  double* distances;    // [n], or null
  const int* previous;  // [n] assignments of the iteration before, or null: every row moved.
                        // May be `assignments` itself: a row is read before it is written.
};

// The pass's totals over all chunks; all in fixed point. Null pointers where nothing is summed.
struct Totals {
  u64* low;             // [k x dimension], or null without sums
  u64* high;            // [k x dimension], or null where 64 bits are enough
  u64* counts;          // [k]
  u64* cost_digits;     // [k x 12]
  u64* moved;           // [1]
  const double* scales; // [dimension] 2^exponent
  int cost_exponent;
};

// Rows that the group could not decide.
struct Undecided {
  int* rows;
  float* thresholds;
  u32* count;
};

}  // namespace flashlloyd
