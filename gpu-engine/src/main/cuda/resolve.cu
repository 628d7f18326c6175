// Rows that the screen could not decide: canonical distances of the candidates that are left.
//
//   score_candidates   D of the 8 centroids of each (entry, group) pair; the smallest D per entry
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

// 8 lanes a pair.
template <class T>
__device__ void score_candidates(const ChunkRows& x, const CentroidSet& c, const int* rows,
                                 const Candidates& candidates, const Decisions& out) {
  u32 pairs = min(*candidates.pair_count, candidates.pair_capacity);
  int stride = padded_dimension(c.dimension);
  u32 step = gridDim.x * blockDim.x / kGroup;
  u32 padded_pairs = (pairs + 3) / 4 * 4;  // whole warps stay together for the shuffles
  for (u32 pair = (blockIdx.x * blockDim.x + threadIdx.x) / kGroup; pair < padded_pairs;
       pair += step) {
    int2 p = candidates.pairs[min(pair, pairs - 1)];
    int cluster = p.y * kGroup + threadIdx.x % kGroup;
    double distance = __longlong_as_double(0x7ff0000000000000ll);
    if (cluster < c.k) {
      distance = canonical_distance<T>(x.rows + (size_t)rows[p.x] * x.row_words,
                                       c.padded + (size_t)cluster * stride, x.row_words);
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
// them, so a centroid's coordinate is loaded once for 8 rows.
constexpr int kTryThreads = 256;
constexpr int kTryRows = 8;

template <class T>
__device__ void try_all_centroids(const ChunkRows& x, const CentroidSet& c, const int* rows,
                                  const u32* entries, const u32* entry_count,
                                  const Decisions& out) {
  __shared__ double s_distance[kTryThreads / 32];
  __shared__ int s_cluster[kTryThreads / 32];
  int stride = padded_dimension(c.dimension);
  u32 count = *entry_count;
  for (u32 first = blockIdx.x * kTryRows; first < count; first += gridDim.x * kTryRows) {
    const u32* row[kTryRows];
    double best[kTryRows];
    int cluster[kTryRows];
#pragma unroll
    for (int r = 0; r < kTryRows; r++) {
      u32 entry = entries[min(first + r, count - 1)];
      row[r] = x.rows + (size_t)(rows == nullptr ? entry : rows[entry]) * x.row_words;
      best[r] = __longlong_as_double(0x7ff0000000000000ll);
      cluster[r] = 0;
    }
    for (int k = threadIdx.x; k < c.k; k += kTryThreads) {
      const float* centroid = c.padded + (size_t)k * stride;
      double sum[kTryRows] = {};
      for (int w = 0; w < x.row_words; w++) {
        u32 words[kTryRows];
#pragma unroll
        for (int r = 0; r < kTryRows; r++) {
          words[r] = row[r][w];
        }
#pragma unroll
        for (int i = 0; i < T::kPerWord; i++) {
          double value = centroid[w * T::kPerWord + i];
#pragma unroll
          for (int r = 0; r < kTryRows; r++) {
            sum[r] = canonical_step<T>(words[r], i, value, sum[r]);
          }
        }
      }
#pragma unroll
      for (int r = 0; r < kTryRows; r++) {
        if (sum[r] < best[r]) {  // a thread's indexes rise: the first of equals stays
          best[r] = sum[r];
          cluster[r] = k;
        }
      }
    }
    for (int r = 0; r < kTryRows; r++) {
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

// One warp an entry.
template <class T>
__device__ void settle_rows(const ChunkRows& x, const CentroidSet& c, const int* rows,
                            const u32* row_count, const Decisions& decisions,
                            const RowResults& results, const Totals& totals,
                            const Moves& moves) {
  int lane = threadIdx.x % 32;
  u32 count = *row_count;
  u32 step = gridDim.x * blockDim.x / 32;
  for (u32 entry = (blockIdx.x * blockDim.x + threadIdx.x) / 32; entry < count; entry += step) {
    int row = rows[entry];
    int cluster = decisions.clusters[entry];
    double distance = __longlong_as_double((long long)decisions.distances[entry]);
    u64 weight = x.weights == nullptr ? 1 : x.weights[row];
    if (lane == 0) {
      int before = results.previous == nullptr ? -1 : results.previous[row];
      if (before != cluster) {
        atomicAdd(totals.moved, 1ull);
        if (moves.rows != nullptr) {
          moves.add(row, before);
        }
      }
      results.assignments[row] = cluster;
      if (results.distances != nullptr) {
        results.distances[row] = distance;
      }
      atomicAdd(totals.counts + cluster, weight);
      u64* digits = totals.cost_digits + (size_t)cluster * kCostDigits;
      cost_digits(distance, weight, totals.cost_exponent,
                  [&](int digit, u32 value) { atomicAdd(digits + digit, (u64)value); });
    }
    if (totals.low == nullptr) {
      continue;
    }
    for (int t = lane; t < c.dimension; t += 32) {
      u32 word = x.rows[(size_t)row * x.row_words + t / T::kPerWord];
      Wide addend = quantize(T::get(word, t % T::kPerWord), totals.scales[t], weight,
                             totals.high != nullptr);
      if ((addend.low | addend.high) != 0) {
        add_global(totals.low, totals.high, (size_t)cluster * c.dimension + t, addend);
      }
    }
  }
}

// Each row that moved: added to its cluster's sums, taken from those of the one before. One warp a row.
template <class T>
__device__ void move_rows(const ChunkRows& x, const Moves& moves, const int* assignments,
                          const Totals& totals) {
  int lane = threadIdx.x % 32;
  int dimension = x.frame.dimension;
  u32 count = *moves.count;
  u32 step = gridDim.x * blockDim.x / 32;
  for (u32 at = (blockIdx.x * blockDim.x + threadIdx.x) / 32; at < count; at += step) {
    int row = moves.rows[at];
    size_t before = (size_t)moves.before[at] * dimension;
    size_t after = (size_t)assignments[row] * dimension;
    u64 weight = x.weights == nullptr ? 1 : x.weights[row];
    for (int t = lane; t < dimension; t += 32) {
      u32 word = x.rows[(size_t)row * x.row_words + t / T::kPerWord];
      Wide addend = quantize(T::get(word, t % T::kPerWord), totals.scales[t], weight,
                             totals.high != nullptr);
      if ((addend.low | addend.high) != 0) {
        add_global(totals.low, totals.high, after + t, addend);
        add_global(totals.low, totals.high, before + t, {0 - addend.low, ~addend.high + (addend.low == 0)});
      }
    }
  }
}

// cost_digits [k x 12] -> limbs [k x 3], least significant first.
extern "C" __global__ void carry_cost(const u64* cost_digits, int k, u64* limbs) {
  for (int c = blockIdx.x * blockDim.x + threadIdx.x; c < k; c += gridDim.x * blockDim.x) {
    u64 carry = 0;
    u64 limb[3] = {0, 0, 0};
#pragma unroll
    for (int i = 0; i < kCostDigits; i++) {
      u64 digit = cost_digits[(size_t)c * kCostDigits + i] + carry;
      limb[i / 4] |= (digit & 0xffff) << (i % 4 * 16);
      carry = digit >> 16;
    }
    for (int i = 0; i < 3; i++) {
      limbs[(size_t)c * 3 + i] = limb[i];
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
    score_candidates<type>(x, c, rows, candidates, out);                                          \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kTryThreads)                                       \
      try_all_centroids_##suffix(ChunkRows x, CentroidSet c, const int* rows, const u32* entries, \
                                 const u32* entry_count, Decisions out) {                         \
    try_all_centroids<type>(x, c, rows, entries, entry_count, out);                               \
  }                                                                                               \
  extern "C" __global__ void settle_rows_##suffix(ChunkRows x, CentroidSet c, const int* rows,    \
                                                  const u32* row_count, Decisions decisions,      \
                                                  RowResults results, Totals totals,              \
                                                  Moves moves) {                                  \
    settle_rows<type>(x, c, rows, row_count, decisions, results, totals, moves);                  \
  }                                                                                               \
  extern "C" __global__ void move_rows_##suffix(ChunkRows x, Moves moves, const int* assignments, \
                                                Totals totals) {                                  \
    move_rows<type>(x, moves, assignments, totals);                                               \
  }
RESOLVE(float32, Float32)
RESOLVE(float16, Float16)
RESOLVE(uint8, Uint8)
RESOLVE(int8, Int8)

}  // namespace flashlloyd
