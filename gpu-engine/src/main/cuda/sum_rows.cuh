// Exact sums of a tile's rows in the order of their winners, one column or word a thread: in float64
// registers, or with weights and two limbs.
#pragma once
#include "decide_tile.cuh"

namespace flashlloyd {

// fma(x * 2^-896, 2^(e + 832), kMagic) rounds x * 2^e to an integer in the low mantissa bits:
// both are scaled by 2^-64, so that the factor does not overflow.
constexpr double kMagic = 0x1.8p-12;
constexpr double kMagicScale = 0x1p832;

struct SumShared {
  u32 tile_counts[2][12];  // by winner, 8 for none; one tile's are cleared while the other's count
  int first[kGroup + 1];
  int row[kMaxTileRows];
  int sorted[kMaxTileRows];     // byte offset in the tile
};

// sum, in float64 registers: what a thread adds up, one word of the rows and a share of them.
template <class T>
struct WordSums {
  u64 acc[kGroup][T::kPerWord];  // the bits of kMagic * rows + sum, for each centroid of the group
  double scale[T::kPerWord];
  int word;
  int share;
  int shares;
  bool one_pass;

  __device__ __forceinline__ void start(int row_words, const CentroidSet& c, const Totals& totals) {
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
#pragma unroll
      for (int v = 0; v < T::kPerWord; v++) {
        acc[j][v] = 0;
      }
    }
    one_pass = row_words <= kDecideThreads;
    shares = one_pass ? kDecideThreads / row_words : 1;
    word = one_pass ? threadIdx.x % row_words : threadIdx.x;
    share = one_pass ? threadIdx.x / row_words : 0;
    if (one_pass && totals.low != nullptr) {
      set_scale(c, totals);
    }
  }

  __device__ __forceinline__ void set_scale(const CentroidSet& c, const Totals& totals) {
#pragma unroll
    for (int v = 0; v < T::kPerWord; v++) {
      int t = word * T::kPerWord + v;
      scale[v] = t < c.dimension ? totals.scales[t] * kMagicScale : 0;
    }
  }

  __device__ __forceinline__ void add_tile(const unsigned char* rows, int row_words,
                                           const CentroidSet& c, const Totals& totals, int group,
                                           const SumShared& s) {
    if (one_pass) {
      add_rows(rows, s);
      return;
    }
    for (word = threadIdx.x; word < row_words; word += kDecideThreads) {
      set_scale(c, totals);
      add_rows(rows, s);
      flush(c, totals, group);
    }
  }

  __device__ __forceinline__ void add_rows(const unsigned char* rows, const SumShared& s) {
    if (share >= shares) {
      return;
    }
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
      int end = s.first[j + 1];
#pragma unroll 4
      for (int i = s.first[j] + share; i < end; i += shares) {
        u32 value = *(const u32*)(rows + s.sorted[i] + word * 4);
#pragma unroll
        for (int v = 0; v < T::kPerWord; v++) {
          double quantized = fma(scaled_down(T::get(value, v)), scale[v], kMagic);
          acc[j][v] += (u64)__double_as_longlong(quantized) - (u64)__double_as_longlong(kMagic);
        }
      }
    }
  }

  __device__ __forceinline__ void finish(const CentroidSet& c, const Totals& totals, int group) {
    if (one_pass && share < shares) {
      flush(c, totals, group);
    }
  }

  __device__ __forceinline__ void flush(const CentroidSet& c, const Totals& totals, int group) {
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
#pragma unroll
      for (int v = 0; v < T::kPerWord; v++) {
        int t = word * T::kPerWord + v;
        if (t < c.dimension && acc[j][v] != 0) {
          atomicAdd(totals.low + (size_t)(group * kGroup + j) * c.dimension + t, acc[j][v]);
        }
        acc[j][v] = 0;
      }
    }
  }
};

// sum, the general way: weights, two limbs.
template <class T>
static __device__ void sum_general(const unsigned char* rows, const ChunkRows& x,
                                   const CentroidSet& c, const Totals& totals, int group,
                                   int row_stride, const SumShared& s) {
  for (int t = threadIdx.x; t < c.dimension; t += kDecideThreads) {
    double scale = totals.scales[t];
    for (int j = 0; j < kGroup; j++) {
      Wide sum = {0, 0};
      for (int i = s.first[j]; i < s.first[j + 1]; i++) {
        u32 word = *(const u32*)(rows + s.sorted[i] + t / T::kPerWord * 4);
        u64 weight = x.weights == nullptr ? 1 : x.weights[s.row[s.sorted[i] / row_stride]];
        add_wide(sum, quantize(T::get(word, t % T::kPerWord), scale, weight, totals.high != nullptr));
      }
      if ((sum.low | sum.high) != 0) {
        add_global(totals.low, totals.high, (size_t)(group * kGroup + j) * c.dimension + t, sum);
      }
    }
  }
}

// sort: tile rows by winner, 8 for none, in any order among equals; `offset` is the row's place.
static __device__ __forceinline__ void sort_tile(int winner, int offset, int parity,
                                                 SumShared& s) {
  int lane = threadIdx.x % 32;
  u32 same = 0;
  u32 own = 0;
#pragma unroll
  for (int j = 0; j <= kGroup; j++) {
    u32 mask = __ballot_sync(~0u, winner == j);
    same = winner == j ? mask : same;
    own = lane == j ? mask : own;
  }
  u32 base = 0;
  if (lane <= kGroup) {
    base = atomicAdd(&s.tile_counts[parity][lane], __popc(own));
  }
  base = __shfl_sync(~0u, base, winner);
  __syncthreads();
  int first = 0;
#pragma unroll
  for (int j = 0; j < kGroup; j++) {
    first += j < winner ? s.tile_counts[parity][j] : 0;
  }
  s.sorted[first + base + __popc(same & ((1u << lane) - 1))] = offset;
  if (threadIdx.x <= kGroup) {
    int begin = 0;
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
      begin += j < threadIdx.x ? s.tile_counts[parity][j] : 0;
    }
    s.first[threadIdx.x] = begin;
    s.tile_counts[parity ^ 1][threadIdx.x] = 0;
  }
  __syncthreads();
}

}  // namespace flashlloyd
