// What deciding a row needs to know and where its results go, for all kernels that decide rows.
#pragma once
#include "screen.cuh"

namespace flashlloyd {

// The rows of a chunk in their own type, padded to 16-byte rows.
struct ChunkRows {
  const u32* rows;           // [n x row_words]
  const u64* weights;        // [n], or null where each row counts once
  const float* shift;        // [dimension] mean * scale
  ScreenFrame frame;
  int n;
  int row_words;
};

// Of a row's number; above it is room for a place in a group.
constexpr int kRowBits = 29;

// A row in the order of its group, with what deciding it takes.
struct __align__(16) SortedRow {
  int named;       // row | place of its nearest centroid in the group << kRowBits, 0 where that is not known
  float second;    // the best score of other centroids, or outside its group
  float norm;      // ||x'||^2
  float residual;  // ||x' - x~||

  __device__ __forceinline__ int row() const { return named & ((1 << kRowBits) - 1); }
  __device__ __forceinline__ int place() const { return (u32)named >> kRowBits; }
};

// What is known of each row of a chunk, [n] each.
struct RowFacts {
  const float* seconds;
  const float* norms;
  const float* residuals;  // or null

  __device__ __forceinline__ SortedRow of(int row, int nearest) const {
    return {(int)((u32)row | (u32)nearest % kGroup << kRowBits), seconds[row], norms[row],
            residuals == nullptr ? 0 : residuals[row]};
  }
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

// Per row results. publish.cu makes assignments of the nearest centroids, when all are known.
struct RowResults {
  int* nearest;       // [n] the screen's, which those who decide correct
  double* distances;  // [n], or null
};

// The pass's totals over all chunks; all in fixed point. Null pointers where nothing is summed.
struct Totals {
  u64* low;             // [k x dimension], or null without sums
  u64* high;            // [k x dimension], or null where 64 bits are enough
  u64* counts;          // [k]
  u64* cost_digits;     // [k x 44]
  u64* moved;           // [1] rows whose cluster is another than in the pass before
  const double* scales; // [dimension] 2^exponent
  int cost_base;        // any is right, see decide_tile.cuh
};

// Rows that changed cluster, for sums of only those; null where all rows are summed or none.
struct MovedRows {
  int* rows;
  int* before;
  u32* count;
};

// Above every index, so that the lowest of several is less.
constexpr int kNoCluster = 0x7fffffff;

// Rows that nobody is sure of: entries. Where the screen says which two groups are best, few are in question
// outside those. They, and all that it named centroids for, are listed for a second screen that collects
// every candidate.
struct Undecided {
  int* rows;
  u32* count;
  u64* distances;  // the smallest D so far, as bits
  int* clusters;   // the lowest index that has it
  int* collect_rows;
  int* collect_entries;
  float* collect_thresholds;
  u32* collect_count;  // null: every centroid is tried instead

  // A new entry, of which nothing is known.
  __device__ __forceinline__ void start(const Candidates& candidates, u32 entry, int row) const {
    rows[entry] = row;
    distances[entry] = ~0ull;
    clusters[entry] = kNoCluster;
    candidates.entry_counts[entry] = 0;
    candidates.flagged[entry] = 0;
  }
  __device__ __forceinline__ void collect(u32 entry, int row, float threshold) const {
    u32 at = atomicAdd(collect_count, 1u);
    collect_rows[at] = row;
    collect_entries[at] = (int)entry;
    collect_thresholds[at] = threshold;
  }
};

}  // namespace flashlloyd
