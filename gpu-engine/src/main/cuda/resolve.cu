// Rows that the screen could not decide: canonical distances of the candidates that are left.
//
//   score_candidates   D of the candidates of each pair of entry and group; the smallest D per entry
//   pick_candidates    the lowest centroid index that has it
//   try_all_centroids  entries whose candidates were too many: every centroid
//   settle_rows        results, counts, cost and sums of these rows
//   move_rows          sums of the rows that changed cluster, where a pass asks for those alone
// An entry is an index into the list of undecided rows.
#include "kernels.cuh"

namespace flashlloyd {

struct Decisions {
  u64* distances;  // [entries] bits of the smallest D (they order as the values do)
  int* clusters;   // [entries] lowest index with it
  double* pair_distances;
  int* pair_clusters;
};

// Whose rows and centroids are meant where there is one problem.
struct OnlyProblem {
  const u32* rows;
  int k;

  __device__ __forceinline__ const u32* rows_of(int) const { return rows; }
  __device__ __forceinline__ int begin_of(int) const { return 0; }
  __device__ __forceinline__ int end_of(int) const { return k; }
};

// The same of the problem that has this cluster, and where the clusters of a row's problem begin.
struct EachProblem {
  Problems many;

  __device__ __forceinline__ const u32* rows_of(int cluster) const {
    return many.all[many.of_cluster(cluster)].rows;
  }
  __device__ __forceinline__ int begin_of(int row) const {
    return many.all[many.of_row(row)].first_cluster();
  }
  __device__ __forceinline__ int end_of(int cluster) const {
    return many.all[many.of_cluster(cluster)].end_cluster();
  }
};

// 8 lanes a pair.
template <class T, class Whose>
__device__ void score_candidates(const Whose& whose, int row_words, const CentroidSet& c,
                                 const int* rows, const Candidates& candidates,
                                 const Decisions& out) {
  u32 pairs = min(*candidates.pair_count, candidates.pair_capacity);
  int stride = padded_dimension(c.dimension);
  u32 step = gridDim.x * blockDim.x / kGroup;
  u32 padded_pairs = (pairs + 3) / 4 * 4;  // whole warps stay together for the shuffles
  for (u32 pair = (blockIdx.x * blockDim.x + threadIdx.x) / kGroup; pair < padded_pairs;
       pair += step) {
    int2 p = candidates.pairs[min(pair, pairs - 1)];
    int lane = threadIdx.x % kGroup;
    int cluster = (p.y >> 8) * kGroup + lane;
    double distance = __longlong_as_double(0x7ff0000000000000ll);
    if ((p.y >> lane & 1) != 0 && cluster < whose.end_of(cluster)) {
      const u32* row = whose.rows_of(cluster) + (size_t)rows[p.x] * row_words;
      distance = canonical_distance<T>(row, c.padded + (size_t)cluster * stride, row_words);
    }
#pragma unroll
    for (int offset = 1; offset < kGroup; offset <<= 1) {
      double other = __shfl_xor_sync(~0u, distance, offset);
      int other_cluster = __shfl_xor_sync(~0u, cluster, offset);
      if (other < distance || (other == distance && other_cluster < cluster)) {
        distance = other;
        cluster = other_cluster;
      }
    }
    if (threadIdx.x % kGroup == 0 && pair < pairs) {
      out.pair_distances[pair] = distance;
      out.pair_clusters[pair] = cluster;
      atomicMin(out.distances + p.x, (u64)__double_as_longlong(distance));
    }
  }
}

extern "C" __global__ void pick_candidates(Candidates candidates, Decisions out) {
  u32 pairs = min(*candidates.pair_count, candidates.pair_capacity);
  for (u32 pair = blockIdx.x * blockDim.x + threadIdx.x; pair < pairs;
       pair += gridDim.x * blockDim.x) {
    int entry = candidates.pairs[pair].x;
    if ((u64)__double_as_longlong(out.pair_distances[pair]) == out.distances[entry]) {
      atomicMin(out.clusters + entry, out.pair_clusters[pair]);
    }
  }
}

// One CTA of 256 threads takes 8 entries: a thread goes through every 256th centroid for all of
// them, so a centroid's coordinate is loaded once for 8 rows. Where there are many problems it takes one
// entry and the centroids of its problem.
constexpr int kTryThreads = 256;
constexpr int kTryRows = 8;

template <class T, int kRows, class Whose>
__device__ void try_all_centroids(const Whose& whose, int row_words, const CentroidSet& c,
                                  const int* rows, const u32* entries, const u32* entry_count,
                                  const Decisions& out) {
  __shared__ double s_distance[kTryThreads / 32];
  __shared__ int s_cluster[kTryThreads / 32];
  int stride = padded_dimension(c.dimension);
  u32 count = *entry_count;
  for (u32 first = blockIdx.x * kRows; first < count; first += gridDim.x * kRows) {
    const u32* row[kRows];
    double best[kRows];
    int cluster[kRows];
    int begin = whose.begin_of(rows[entries[first]]);
    int end = whose.end_of(begin);
#pragma unroll
    for (int r = 0; r < kRows; r++) {
      u32 entry = entries[min(first + r, count - 1)];
      row[r] = whose.rows_of(begin) + (size_t)rows[entry] * row_words;
      best[r] = __longlong_as_double(0x7ff0000000000000ll);
      cluster[r] = begin;
    }
    for (int k = begin + threadIdx.x; k < end; k += kTryThreads) {
      const float* centroid = c.padded + (size_t)k * stride;
      double sum[kRows] = {};
      if (kRows == 1) {  // 16 bytes a load
        sum[0] = canonical_distance<T>(row[0], centroid, row_words);
      }
      for (int w = 0; kRows > 1 && w < row_words; w++) {
        u32 words[kRows];
#pragma unroll
        for (int r = 0; r < kRows; r++) {
          words[r] = row[r][w];
        }
#pragma unroll
        for (int i = 0; i < T::kPerWord; i++) {
          double value = centroid[w * T::kPerWord + i];
#pragma unroll
          for (int r = 0; r < kRows; r++) {
            sum[r] = canonical_step<T>(words[r], i, value, sum[r]);
          }
        }
      }
#pragma unroll
      for (int r = 0; r < kRows; r++) {
        if (sum[r] < best[r]) {  // a thread's indexes rise: the first of equals stays
          best[r] = sum[r];
          cluster[r] = k;
        }
      }
    }
    for (int r = 0; r < kRows; r++) {
#pragma unroll
      for (int offset = 16; offset > 0; offset >>= 1) {
        double other = __shfl_xor_sync(~0u, best[r], offset);
        int other_cluster = __shfl_xor_sync(~0u, cluster[r], offset);
        if (other < best[r] || (other == best[r] && other_cluster < cluster[r])) {
          best[r] = other;
          cluster[r] = other_cluster;
        }
      }
      __syncthreads();
      if (threadIdx.x % 32 == 0) {
        s_distance[threadIdx.x / 32] = best[r];
        s_cluster[threadIdx.x / 32] = cluster[r];
      }
      __syncthreads();
      if (threadIdx.x == 0 && first + r < count) {
        double distance = s_distance[0];
        int winner = s_cluster[0];
        for (int w = 1; w < kTryThreads / 32; w++) {
          if (s_distance[w] < distance || (s_distance[w] == distance && s_cluster[w] < winner)) {
            distance = s_distance[w];
            winner = s_cluster[w];
          }
        }
        u32 entry = entries[first + r];
        out.distances[entry] = (u64)__double_as_longlong(distance);
        out.clusters[entry] = winner;
      }
    }
  }
}

// One thread.
static __device__ __forceinline__ void settle_row(const ChunkRows& x, int row, int cluster,
                                                  double distance, const RowResults& results,
                                                  const Totals& totals, const Moves& moves) {
  u64 weight = x.weights == nullptr ? 1 : x.weights[row];
  int before = results.previous == nullptr ? -1 : results.previous[row] + results.first_cluster;
  if (before != cluster) {
    atomicAdd(totals.moved, 1ull);
    if (moves.rows != nullptr) {
      moves.add(row, before);
    }
  }
  results.assignments[row] = cluster - results.first_cluster;
  if (results.distances != nullptr) {
    results.distances[row] = distance;
  }
  atomicAdd(totals.counts + cluster, weight);
  u64* digits = totals.cost_digits + (size_t)cluster * kCostDigits;
  cost_digits(distance, weight, totals.cost_exponent,
              [&](int digit, u32 value) { atomicAdd(digits + digit, (u64)value); });
}

// One warp.
template <class T>
static __device__ __forceinline__ void sum_row(const ChunkRows& x, int row, int cluster,
                                               const Totals& totals) {
  int dimension = x.frame.dimension;
  u64 weight = x.weights == nullptr ? 1 : x.weights[row];
  for (int t = threadIdx.x % 32; t < dimension; t += 32) {
    u32 word = x.rows[(size_t)row * x.row_words + t / T::kPerWord];
    Wide addend = quantize(T::get(word, t % T::kPerWord), totals.scales[t], weight,
                           totals.high != nullptr);
    if ((addend.low | addend.high) != 0) {
      add_global(totals.low, totals.high, (size_t)cluster * dimension + t, addend);
    }
  }
}

// One thread an entry; then, where rows are summed, one warp.
template <class T>
__device__ void settle_rows(const ChunkRows& x, const int* rows, const u32* row_count,
                            const Decisions& decisions, const RowResults& results,
                            const Totals& totals, const Moves& moves) {
  u32 count = *row_count;
  u32 thread = blockIdx.x * blockDim.x + threadIdx.x;
  u32 threads = gridDim.x * blockDim.x;
  for (u32 entry = thread; entry < count; entry += threads) {
    settle_row(x, rows[entry], decisions.clusters[entry],
               __longlong_as_double((long long)decisions.distances[entry]), results, totals, moves);
  }
  for (u32 entry = thread / 32; totals.low != nullptr && entry < count; entry += threads / 32) {
    sum_row<T>(x, rows[entry], decisions.clusters[entry], totals);
  }
}

template <class T>
__device__ void settle_rows_many(const ChunkRows& x, const int* rows, const u32* row_count,
                                 const Decisions& decisions, const RowResults& results,
                                 const Totals& totals, const Moves& moves, const Problems& many) {
  u32 count = *row_count;
  u32 thread = blockIdx.x * blockDim.x + threadIdx.x;
  u32 threads = gridDim.x * blockDim.x;
  for (u32 entry = thread; entry < count; entry += threads) {
    ChunkRows own_x = x;
    RowResults own_results = results;
    Totals own_totals = totals;
    Moves own_moves = moves;
    int cluster = decisions.clusters[entry];
    many.focus(many.of_cluster(cluster), own_x, own_results, own_totals, own_moves);
    settle_row(own_x, rows[entry], cluster,
               __longlong_as_double((long long)decisions.distances[entry]), own_results, own_totals,
               own_moves);
  }
  for (u32 entry = thread / 32; totals.low != nullptr && entry < count; entry += threads / 32) {
    int cluster = decisions.clusters[entry];
    const Problem& p = many.all[many.of_cluster(cluster)];
    if (p.sums == kSumAll) {
      ChunkRows own_x = x;
      own_x.rows = p.rows;
      own_x.weights = p.weights;
      Totals own_totals = totals;
      own_totals.scales = p.scales;
      sum_row<T>(own_x, rows[entry], cluster, own_totals);
    }
  }
}

// A row that moved: added to its cluster's sums, taken from those of the one before. One warp.
template <class T>
static __device__ __forceinline__ void move_row(const ChunkRows& x, int row, int before, int after,
                                                const double* scales, const Totals& totals) {
  int dimension = x.frame.dimension;
  u64 weight = x.weights == nullptr ? 1 : x.weights[row];
  for (int t = threadIdx.x % 32; t < dimension; t += 32) {
    u32 word = x.rows[(size_t)row * x.row_words + t / T::kPerWord];
    Wide addend =
        quantize(T::get(word, t % T::kPerWord), scales[t], weight, totals.high != nullptr);
    if ((addend.low | addend.high) != 0) {
      add_global(totals.low, totals.high, (size_t)after * dimension + t, addend);
      add_global(totals.low, totals.high, (size_t)before * dimension + t,
                 {0 - addend.low, ~addend.high + (addend.low == 0)});
    }
  }
}

// One warp a row.
template <class T>
__device__ void move_rows(const ChunkRows& x, const Moves& moves, const int* assignments,
                          const Totals& totals) {
  u32 count = *moves.count;
  u32 step = gridDim.x * blockDim.x / 32;
  for (u32 at = (blockIdx.x * blockDim.x + threadIdx.x) / 32; at < count; at += step) {
    int row = moves.rows[at];
    move_row<T>(x, row, moves.before[at], assignments[row], totals.scales, totals);
  }
}

template <class T>
__device__ void move_rows_many(const ChunkRows& x, const Moves& moves, const Totals& totals,
                               const Problems& many) {
  u32 count = *moves.count;
  u32 step = gridDim.x * blockDim.x / 32;
  for (u32 at = (blockIdx.x * blockDim.x + threadIdx.x) / 32; at < count; at += step) {
    int row = moves.rows[at];
    const Problem& p = many.all[many.of_row(row)];
    ChunkRows own = x;
    own.rows = p.rows;
    own.weights = p.weights;
    move_row<T>(own, row, moves.before[at], p.assignments[row] + p.first_cluster(), p.scales, totals);
  }
}

// Entries 0 .. n-1 are rows 0 .. n-1: every row undecided, for cards without a screen.
extern "C" __global__ void list_all_rows(int n, Undecided undecided, Candidates candidates) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    undecided.start(candidates, i, i);
    candidates.exhaustive[i] = i;
  }
  if (blockIdx.x == 0 && threadIdx.x == 0) {
    *undecided.count = n;
    *candidates.exhaustive_count = n;
  }
}

#define RESOLVE(suffix, type)                                                                     \
  extern "C" __global__ void score_candidates_##suffix(ChunkRows x, CentroidSet c,                \
                                                       const int* rows, Candidates candidates,    \
                                                       Decisions out) {                           \
    score_candidates<type>(OnlyProblem{x.rows, c.k}, x.row_words, c, rows, candidates, out);      \
  }                                                                                               \
  extern "C" __global__ void score_candidates_many_##suffix(                                      \
      ChunkRows x, CentroidSet c, const int* rows, Candidates candidates, Decisions out,          \
      Problems many) {                                                                            \
    score_candidates<type>(EachProblem{many}, x.row_words, c, rows, candidates, out);             \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kTryThreads)                                       \
      try_all_centroids_##suffix(ChunkRows x, CentroidSet c, const int* rows, const u32* entries, \
                                 const u32* entry_count, Decisions out) {                         \
    try_all_centroids<type, kTryRows>(OnlyProblem{x.rows, c.k}, x.row_words, c, rows, entries,    \
                                      entry_count, out);                                          \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kTryThreads)                                       \
      try_all_centroids_many_##suffix(ChunkRows x, CentroidSet c, const int* rows,                \
                                      const u32* entries, const u32* entry_count, Decisions out,  \
                                      Problems many) {                                            \
    try_all_centroids<type, 1>(EachProblem{many}, x.row_words, c, rows, entries, entry_count,     \
                               out);                                                              \
  }                                                                                               \
  extern "C" __global__ void settle_rows_##suffix(ChunkRows x, const int* rows,                   \
                                                  const u32* row_count, Decisions decisions,      \
                                                  RowResults results, Totals totals,              \
                                                  Moves moves) {                                  \
    settle_rows<type>(x, rows, row_count, decisions, results, totals, moves);                     \
  }                                                                                               \
  extern "C" __global__ void settle_rows_many_##suffix(                                           \
      ChunkRows x, const int* rows, const u32* row_count, Decisions decisions,                    \
      RowResults results, Totals totals, Moves moves, Problems many) {                            \
    settle_rows_many<type>(x, rows, row_count, decisions, results, totals, moves, many);          \
  }                                                                                               \
  extern "C" __global__ void move_rows_##suffix(ChunkRows x, Moves moves, const int* assignments, \
                                                Totals totals) {                                  \
    move_rows<type>(x, moves, assignments, totals);                                               \
  }                                                                                               \
  extern "C" __global__ void move_rows_many_##suffix(ChunkRows x, Moves moves, Totals totals,     \
                                                     Problems many) {                             \
    move_rows_many<type>(x, moves, totals, many);                                                 \
  }
RESOLVE(float32, Float32)
RESOLVE(float16, Float16)
RESOLVE(uint8, Uint8)
RESOLVE(int8, Int8)

}  // namespace flashlloyd
