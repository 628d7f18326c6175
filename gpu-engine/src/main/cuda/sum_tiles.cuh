// Exact sums of float16 and integer rows on the tensor cores: a tile's columns x rows, transposed as they
// are loaded, times rows x 8 one-hot winners.
//
// Exact how? An mma adds 16 products to a float32 accumulator. If all summands are multiples of one
// quantum q and their magnitudes add up to less than 2^23 q, then every aligned summand and partial sum
// fits the 24 bits that we assume of the adder (error_bound.cuh), and nothing is rounded. Integers of 8
// bits are such summands: 2048 rows of an item stay below 2^19. A float16 is split into three:
//   high = x to a multiple of 2^a    |x| < 2^m, a = max(m - 9, -14):    |high| <= 2^9 2^a
//   low  = the rest to one of 2^b    |rest| <= 2^(a-1), b = a - 10:      |low| <= 2^9 2^b
//   last = the rest of that          |last| <= 2^(b-1), a multiple of 2^-s where the scales are lossless
// Adding and taking away 1.5 * 2^(a+10) rounds to multiples of 2^a, since a float16 of that size has no
// finer bits; the differences are exact. With 2^11 rows: 2^20 q for high and low, and 2^(b-1+s+11) q for
// last, which is why the engine comes here only with m + s <= 32 and m <= 14 (DecideShape.java). The
// three float32 then hold exact sums, whose sum times 2^s is an integer below 2^53.
#pragma once
#include "decide_tile.cuh"

namespace flashlloyd {

constexpr int kWarpParts = 2;       // 32-byte column parts of one warp
constexpr int kPartBytes = 32;
constexpr int kWindowBytes = kWarps * kWarpParts * kPartBytes;

// Four 8x8 matrices of 16-bit elements, transposed; one row address from each lane.
static __device__ __forceinline__ void load_transposed(u32 a[4], u32 address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(a[0]), "=r"(a[1]), "=r"(a[2]), "=r"(a[3])
               : "r"(address)
               : "memory");
}

static __device__ __forceinline__ u32 add_halves(u32 a, u32 b) {
  __half2 sum = __hadd2_rn(*(__half2*)&a, *(__half2*)&b);
  return *(u32*)&sum;
}

static __device__ __forceinline__ u32 subtract_halves(u32 a, u32 b) {
  __half2 rest = __hsub2_rn(*(__half2*)&a, *(__half2*)&b);
  return *(u32*)&rest;
}

template <class T>
struct Parts;

// 16 columns a part; the three pieces of each.
template <>
struct Parts<Float16> {
  static constexpr int kSums = 3;
  static constexpr int kColumns = 16;
  static __device__ __forceinline__ void split(u32 x, const DecideShape& shape, u32 pieces[3]) {
    pieces[0] = subtract_halves(add_halves(x, shape.split_high), shape.split_high);
    u32 rest = subtract_halves(x, pieces[0]);
    pieces[1] = subtract_halves(add_halves(rest, shape.split_low), shape.split_low);
    pieces[2] = subtract_halves(rest, pieces[1]);
  }
  // Sums of column `row` of the part.
  static __device__ __forceinline__ double total(const float acc[3][4], int i, int) {
    return (double)acc[0][i] + (double)acc[1][i] + (double)acc[2][i];
  }
  static constexpr int kTotals = 1;
  static __device__ __forceinline__ int column(int row, int) { return row; }
};

// 32 columns a part, two in each 16-bit element: even ones and odd ones.
template <u32 kFlip, u32 kBias>
struct ByteParts {
  static constexpr int kSums = 2;
  static constexpr int kColumns = 32;
  // 0x6400 + byte is the float16 1024 + byte.
  static __device__ __forceinline__ void split(u32 x, const DecideShape&, u32 pieces[2]) {
    x ^= kFlip;
    pieces[0] = subtract_halves(__byte_perm(x, 0x64646464, 0x4240), kBias);
    pieces[1] = subtract_halves(__byte_perm(x, 0x64646464, 0x4341), kBias);
  }
  static constexpr int kTotals = 2;
  static __device__ __forceinline__ double total(const float acc[2][4], int i, int odd) {
    return (double)acc[odd][i];
  }
  static __device__ __forceinline__ int column(int row, int odd) { return row * 2 + odd; }
};
template <>
struct Parts<Uint8> : ByteParts<0, 0x64006400> {};
template <>
struct Parts<Int8> : ByteParts<0x80808080, 0x64806480> {};
template <>
struct Parts<Float32> {
  static constexpr int kSums = 1;
};

// Adds `tile_rows` rows to the accumulators of this warp's parts of the window that begins at byte
// `window` of a row. Rows of the tile without a winner are multiplied by zero, so they have to be
// finite: a tile is always full of rows.
template <class T>
static __device__ __forceinline__ void sum_tile(u32 s_rows, int window, const DecideShape& shape,
                                                int row_bytes, const uint4* one_hots,
                                                float acc[kWarpParts][Parts<T>::kSums][4]) {
  int lane = threadIdx.x % 32;
  int first = window + threadIdx.x / 32 * kWarpParts * kPartBytes;
  if (first >= row_bytes) {
    return;
  }
  u32 one_hot = smem_address(one_hots) + lane * 16;
  int row = lane % 8 + lane / 16 * 8;
  u32 from = s_rows + first + lane / 8 % 2 * 16;
  for (int k = 0; k < shape.tile_rows; k += 32) {
    u32 b[4];
    load_transposed(b, one_hot + k * 16);
#pragma unroll
    for (int half = 0; half < 2; half++) {
      u32 at = from + min(k + half * 16 + row, shape.tile_rows - 1) * shape.row_stride;
#pragma unroll
      for (int part = 0; part < kWarpParts; part++) {
        if (first + part * kPartBytes < row_bytes) {
          u32 a[4];
          load_transposed(a, at + part * kPartBytes);
          u32 pieces[4][Parts<T>::kSums];
#pragma unroll
          for (int i = 0; i < 4; i++) {
            Parts<T>::split(a[i], shape, pieces[i]);
          }
#pragma unroll
          for (int p = 0; p < Parts<T>::kSums; p++) {
            u32 columns[4] = {pieces[0][p], pieces[1][p], pieces[2][p], pieces[3][p]};
            mma_m16n8k16(acc[part][p], columns, b[half * 2], b[half * 2 + 1]);
          }
        }
      }
    }
  }
}

// Adds the accumulators to the totals and clears them.
template <class T>
static __device__ void flush_tile(const Totals& totals, const CentroidSet& c, int group, int window,
                                  float acc[kWarpParts][Parts<T>::kSums][4]) {
  int lane = threadIdx.x % 32;
  int first = (window + threadIdx.x / 32 * kWarpParts * kPartBytes) / T::kBytes;
#pragma unroll
  for (int part = 0; part < kWarpParts; part++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      int cluster = group * kGroup + lane % 4 * 2 + i % 2;
#pragma unroll
      for (int v = 0; v < Parts<T>::kTotals; v++) {
        int t = first + part * Parts<T>::kColumns + Parts<T>::column(lane / 4 + i / 2 * 8, v);
        double sum = Parts<T>::total(acc[part], i, v);
        if (t < c.dimension && sum != 0) {
          atomicAdd(totals.low + (size_t)cluster * c.dimension + t,
                    (u64)__double2ll_rn(sum * totals.scales[t]));
        }
      }
    }
#pragma unroll
    for (int p = 0; p < Parts<T>::kSums; p++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        acc[part][p][i] = 0;
      }
    }
  }
}

// The 8 float16 of a row's one-hot vector; zeros for winner 8.
static __device__ __forceinline__ uint4 one_hot_row(int winner) {
  u32 one = winner & 1 ? 0x3c000000u : 0x3c00u;
  int word = winner >> 1;
  return make_uint4(word == 0 ? one : 0, word == 1 ? one : 0, word == 2 ? one : 0,
                    word == 3 ? one : 0);
}

}  // namespace flashlloyd
