// Bounds that leave rows out of the screen: of every row a float32, at most its distance from all centroids but
// its own, carried from pass to pass while the centroids move. The proof:
//
// Let a be a row's centroid, b the bound, m(c) at least the move of centroid c between two passes (float64,
// rounded up), c' and a' the moved ones. By the triangle inequality ||x - c'|| >= ||x - c|| - m(c), so every
// other centroid of a set C is at least
//   b' = b - max of m over C without a, rounded down,   away from x, for as many passes as one likes.
// A canonical distance has d + 2 float64 roundings of nonnegative terms, hence D(x, c') >= b'^2 (1 - eta), with
// eta = (d + 8) 2^-52, which has room for the roundings here. D(x, a') is measured afresh. Where
//   b' > 0 and b'^2 (1 - eta) > D(x, a'),
// no centroid of C wins or ties, and the row is kept if C are all others: equality would be a tie, and is not
// enough.
//
// A few centroids that move far would spoil all bounds (Hamerly's weakness; measured on blobs, in a fit's tenth
// iteration: 40 % of the rows open, where 0.1 % need be). So C is also tried without the centroids that moved
// farthest, level by level: without a 64th of all, a sixteenth, an eighth, a quarter. A row that such a C keeps is a
// *middle* row of the first level that does: it is screened against these fastest alone, and the distance from those
// other than its own that its scores there prove (error_bound.cuh) lowers b'.
//
// Bounds belong to a chunk and one set of centroids, as its assignments do: where they are lost or of others, all
// rows are screened. So they are where too few would be left out. No bit of a result depends on them.
#pragma once
#include "append.cuh"

namespace flashlloyd {

// How far some centroids moved since the pass before.
struct FarthestMove {
  float farthest;  // of one at most this ...
  float second;    // ... the others at most this
  int at;          // ... the one

  __device__ __forceinline__ float of_others(int own) const { return own == at ? second : farthest; }
};

constexpr int kLevels = 4;

struct Moves {
  FarthestMove all;
  FarthestMove slow[kLevels];  // without the fastest: a few, more, ...
};

struct Carry {
  double shrink;  // 1 - eta

  // Whether no centroid that is at least `bound` away is as near as the row's own.
  __device__ __forceinline__ bool keeps(float bound, double distance) const {
    return bound > 0 && (double)bound * bound * shrink > distance;
  }
};

// What a pass with bounds takes and gives; arrays of rows are [n].
struct BoundedRows {
  const int* assignments;  // to the centroids before
  float* bounds;           // of the same; kept rows' become those of the centroids now
  const Moves* moves;
  double shrink;
  int* open;               // rows to screen ...
  u32* open_count;         // ... so many, or kEveryRow
  int* middle[kLevels];    // rows to screen against a level's fastest
  u32* middle_counts;      // [kLevels]
  double* distances;       // of middle rows, from their own centroids
  u32* sampled;            // rows looked at first, how many of these were open, how many middle, by level
  u64* kept;               // [1] grows by the rows kept
  float most_open;         // the share of open rows from which on every row is screened
  float middle_shares[kLevels];  // what a middle row costs, of an open one
  int settles;             // whether kept rows are counted, with their costs, here; else every row is decided
                           // as if it had been screened, and an open row's bound is below zero
};

constexpr float kOpen = -1;

}  // namespace flashlloyd
