// How far centroids moved between two passes, once a pass: for bounds.cuh.
//
//   centroid_moves   before, now [k x dimension] -> moves [k], rounded up
//   rank_moves       -> the farthest, and the fastest, some of all and more
//   gather_fastest   -> fastest [count x dimension], as they came, for prepare_centroids
#include "bounds.cuh"

namespace flashlloyd {

// A warp a centroid. A difference of float32 rounds once in float64, and so do its square and each of the sum's
// additions: nonnegative terms, d + 3 roundings each at most, no underflow, and a square root.
extern "C" __global__ void centroid_moves(const float* before, const float* now, int k, int dimension,
                                          float* moves) {
  int c = (int)((blockIdx.x * blockDim.x + threadIdx.x) / 32);
  if (c >= k) {
    return;
  }
  double square = 0;
  for (int t = threadIdx.x % 32; t < dimension; t += 32) {
    size_t at = (size_t)c * dimension + t;
    double move = (double)now[at] - (double)before[at];
    square = fma(move, move, square);
  }
  square = warp_sum(square);
  if (threadIdx.x % 32 == 0) {
    moves[c] = __double2float_ru(sqrt(square) * (1 + (dimension + 8) * 0x1p-52));
  }
}

constexpr int kRankThreads = 1024;

// A centroid that moved, and how far: farther first, each of equals before the next.
static __device__ __forceinline__ u64 ranked_move(float move, int c) {
  return (u64)__float_as_uint(move) << 32 | (u32)c;
}

// The two that moved farthest.
struct TopTwo {
  u64 first;
  u64 second;

  __device__ __forceinline__ void see(float move, int c) {
    u64 seen = ranked_move(move, c);
    second = max(second, min(first, seen));
    first = max(first, seen);
  }
  // Of all that the CTA's threads have.
  __device__ __forceinline__ void write(FarthestMove& to) const {
    __shared__ u64 s_top[2];
    for (int i = 0; i < 2; i++) {
      if (threadIdx.x == 0) {
        s_top[i] = 0;
      }
      __syncthreads();
      // Whose first is the largest of all offers its second to the next round.
      atomicMax(s_top + i, i == 0 || first != s_top[0] ? first : second);
      __syncthreads();
    }
    if (threadIdx.x == 0) {
      to = {__uint_as_float((u32)(s_top[0] >> 32)), __uint_as_float((u32)(s_top[1] >> 32)),
            (int)(u32)s_top[0]};
    }
    __syncthreads();
  }
};

// The bits of the `count`-th largest move, at least 1: those of nonnegative float32 are in their order, so that it
// is found digit by digit. Centroids that did not move do not count.
static __device__ u32 ranked_bits(const float* moves, int k, u32 count) {
  __shared__ u32 s_counts[256];
  __shared__ u32 s_prefix;
  __shared__ u32 s_wanted;
  if (threadIdx.x == 0) {
    s_prefix = 0;
    s_wanted = count;
  }
  u32 mask = 0;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (threadIdx.x < 256) {
      s_counts[threadIdx.x] = 0;
    }
    __syncthreads();
    u32 prefix = s_prefix;
#pragma unroll 4
    for (int c = threadIdx.x; c < k; c += kRankThreads) {
      u32 bits = __float_as_uint(moves[c]);
      if (bits != 0 && (bits & mask) == prefix) {
        atomicAdd(s_counts + (bits >> shift & 255), 1u);
      }
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      u32 digit = 255;
      for (; digit > 0 && s_counts[digit] < s_wanted; digit--) {
        s_wanted -= s_counts[digit];
      }
      s_prefix = prefix | digit << shift;
    }
    mask |= 255u << shift;
    __syncthreads();
  }
  return max(s_prefix, 1u);
}

struct FastCounts {
  u32 of[kLevels];
};

// One CTA. fastest [counts.of[kLevels - 1]]: the farthest moves are among the first counts.of[0], and so on; counts
// do not fall, and may be zero. Where fewer moved, or several as far as the last, the one that moved farthest stands
// for the rest.
extern "C" __global__ void __launch_bounds__(kRankThreads)
    rank_moves(const float* moves, int k, FastCounts counts, int* fastest, Moves* ranked) {
  __shared__ u32 s_ends[kLevels];
  u32 from[kLevels];  // those above are taken
#pragma unroll
  for (int level = 0; level < kLevels; level++) {
    from[level] = counts.of[level] == 0 ? ~0u : ranked_bits(moves, k, counts.of[level] + 1);
    __syncthreads();
  }
  if (threadIdx.x == 0) {
#pragma unroll
    for (int level = 0; level < kLevels; level++) {
      s_ends[level] = level == 0 ? 0 : counts.of[level - 1];
    }
  }
  __syncthreads();
  TopTwo all = {};
  TopTwo slow[kLevels] = {};
  for (int c = threadIdx.x; c < k; c += kRankThreads) {
    float move = moves[c];
    bool taken = false;
    all.see(move, c);
#pragma unroll
    for (int level = 0; level < kLevels; level++) {
      if (!taken && __float_as_uint(move) > from[level]) {
        u32 at = atomicAdd(s_ends + level, 1u);
        taken = at < counts.of[level];
        if (taken) {
          fastest[at] = c;
        }
      }
      if (!taken) {
        slow[level].see(move, c);
      }
    }
  }
  __syncthreads();
  all.write(ranked->all);
  int filler = ranked->all.at;
#pragma unroll
  for (int level = 0; level < kLevels; level++) {
    slow[level].write(ranked->slow[level]);
    u32 end = min(s_ends[level], counts.of[level]);
    for (u32 i = end + threadIdx.x; i < counts.of[level]; i += kRankThreads) {
      fastest[i] = filler;
    }
  }
}

extern "C" __global__ void gather_fastest(const float* now, const int* fastest, int fast_count,
                                          int dimension, float* gathered) {
  int total = fast_count * dimension;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < total; i += gridDim.x * blockDim.x) {
    gathered[i] = now[(size_t)fastest[i / dimension] * dimension + i % dimension];
  }
}

}  // namespace flashlloyd
