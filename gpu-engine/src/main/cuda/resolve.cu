// Rows that the screen could not decide: canonical distances of the candidates that are left.
//
//   score_candidates   D of the candidates of each pair of entry and group; the smallest D per entry
//   try_all_centroids  the lowest centroid index that has it; entries whose candidates were too many: every
//                      centroid
//   settle_rows        results, counts, cost and sums of these rows
// An entry is an index into the list of undecided rows.
#include "undecided.cuh"

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

// 8 lanes a pair: together for each of few candidates, each for its own of many.
constexpr int kFewCandidates = 2;

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
    int first = cluster - lane;
    const u32* row = whose.rows_of(first) + (size_t)rows[p.x] * row_words;
    int mask = p.y & kWholeGroup;
    if (__popc(mask) <= kFewCandidates) {
      cluster = first;
      for (; mask != 0; mask &= mask - 1) {
        int candidate = first + __ffs(mask) - 1;
        double own = shared_distance<T>(row, c.padded + (size_t)candidate * stride, row_words);
        if (candidate < whose.end_of(first) && own < distance) {
          distance = own;
          cluster = candidate;
        }
      }
    } else if ((mask >> lane & 1) != 0 && cluster < whose.end_of(cluster)) {
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

// The lowest index among an entry's candidates that have its smallest distance. Entries that every centroid
// is tried for find theirs below.
static __device__ __forceinline__ void pick_candidates(const Candidates& candidates,
                                                       const Decisions& out) {
  u32 pairs = min(*candidates.pair_count, candidates.pair_capacity);
  for (u32 pair = blockIdx.x * blockDim.x + threadIdx.x; pair < pairs;
       pair += gridDim.x * blockDim.x) {
    int entry = candidates.pairs[pair].x;
    if (candidates.flagged[entry] == 0 &&
        (u64)__double_as_longlong(out.pair_distances[pair]) == out.distances[entry]) {
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
                                  const int* rows, const Candidates& candidates,
                                  const Decisions& out) {
  __shared__ double s_distance[kTryThreads / 32];
  __shared__ int s_cluster[kTryThreads / 32];
  int stride = padded_dimension(c.dimension);
  pick_candidates(candidates, out);
  const u32* entries = candidates.exhaustive;
  u32 count = *candidates.exhaustive_count;
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

// What an entry was decided for. Had nobody found a candidate, the bound would be wrong, and so perhaps other
// rows: no pass may end as if it were right.
static __device__ __forceinline__ int cluster_of(const Decisions& decisions, u32 entry) {
  int cluster = decisions.clusters[entry];
  if (cluster == kNoCluster) {
    __trap();
  }
  return cluster;
}

// One thread.
static __device__ __forceinline__ void settle_row(const ChunkRows& x, int row, int cluster,
                                                  double distance, const RowResults& results,
                                                  const Totals& totals) {
  results.nearest[row] = cluster;
  if (results.distances != nullptr) {
    results.distances[row] = distance;
  }
  u64 weight = x.weights == nullptr ? 1 : x.weights[row];
  atomicAdd(totals.counts + cluster, weight);
  u64* digits = totals.cost_digits + (size_t)cluster * kCostDigits;
  cost_digits(distance, weight,
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
                            const Totals& totals) {
  u32 count = *row_count;
  u32 thread = blockIdx.x * blockDim.x + threadIdx.x;
  u32 threads = gridDim.x * blockDim.x;
  for (u32 entry = thread; entry < count; entry += threads) {
    settle_row(x, rows[entry], cluster_of(decisions, entry),
               __longlong_as_double((long long)decisions.distances[entry]), results, totals);
  }
  for (u32 entry = thread / 32; totals.low != nullptr && entry < count; entry += threads / 32) {
    sum_row<T>(x, rows[entry], decisions.clusters[entry], totals);
  }
}

template <class T>
__device__ void settle_rows_many(const ChunkRows& x, const int* rows, const u32* row_count,
                                 const Decisions& decisions, const RowResults& results,
                                 const Totals& totals, const Problems& many) {
  u32 count = *row_count;
  u32 thread = blockIdx.x * blockDim.x + threadIdx.x;
  u32 threads = gridDim.x * blockDim.x;
  for (u32 entry = thread; entry < count; entry += threads) {
    ChunkRows own_x = x;
    RowResults own_results = results;
    Totals own_totals = totals;
    int cluster = cluster_of(decisions, entry);
    many.focus(many.of_cluster(cluster), own_x, own_results, own_totals);
    settle_row(own_x, rows[entry], cluster,
               __longlong_as_double((long long)decisions.distances[entry]), own_results, own_totals);
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
      try_all_centroids_##suffix(ChunkRows x, CentroidSet c, const int* rows,                     \
                                 Candidates candidates, Decisions out) {                          \
    try_all_centroids<type, kTryRows>(OnlyProblem{x.rows, c.k}, x.row_words, c, rows, candidates, \
                                      out);                                                       \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kTryThreads)                                       \
      try_all_centroids_many_##suffix(ChunkRows x, CentroidSet c, const int* rows,                \
                                      Candidates candidates, Decisions out, Problems many) {      \
    try_all_centroids<type, 1>(EachProblem{many}, x.row_words, c, rows, candidates, out);         \
  }                                                                                               \
  extern "C" __global__ void settle_rows_##suffix(ChunkRows x, const int* rows,                   \
                                                  const u32* row_count, Decisions decisions,      \
                                                  RowResults results, Totals totals) {            \
    settle_rows<type>(x, rows, row_count, decisions, results, totals);                            \
  }                                                                                               \
  extern "C" __global__ void settle_rows_many_##suffix(                                           \
      ChunkRows x, const int* rows, const u32* row_count, Decisions decisions,                    \
      RowResults results, Totals totals, Problems many) {                                         \
    settle_rows_many<type>(x, rows, row_count, decisions, results, totals, many);                 \
  }
RESOLVE(float32, Float32)
RESOLVE(float16, Float16)
RESOLVE(uint8, Uint8)
RESOLVE(int8, Int8)

}  // namespace flashlloyd
