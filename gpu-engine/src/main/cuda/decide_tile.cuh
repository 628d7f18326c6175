// The stages of decide_and_sum.cu on one tile of rows; see there for what they are to each other.
#pragma once
#include "decide.cuh"

namespace flashlloyd {

constexpr int kDecideThreads = 128;
constexpr int kMaxTileRows = 128;
constexpr int kWarps = kDecideThreads / 32;
// fma(x * 2^-896, 2^(e + 832), kMagic) rounds x * 2^e to an integer in the low mantissa bits:
// both are scaled by 2^-64, so that the factor does not overflow.
constexpr double kMagic = 0x1.8p-12;
constexpr double kMagicScale = 0x1p832;

struct DecideShape {
  const SortedRow* order;
  const u32* starts;
  const u32* item_starts;
  const int* item_groups;
  Screened found;
  int group_count;
  int item_rows;
  int tile_rows;
  int row_stride;  // bytes, in shared memory
  u32 split_high;  // two float16 each: see sum_tiles.cuh
  u32 split_low;
};

struct DecideShared {
  u32 cost[kWarps][kGroup][kCostDigits];
  u32 counts[kGroup];
  u32 tile_counts[2][12];  // by winner, 8 for none; one tile's are cleared while the other's count
  int first[kGroup + 1];
  int row[kMaxTileRows];
  int sorted[kMaxTileRows];  // byte offset in the tile
  uint4 one_hot[kMaxTileRows];  // float16 1 at the winner, zeros where there is none
  unsigned char best[kMaxTileRows];
  float second[kMaxTileRows];
  u32 moved;
  float norm_squares;
  float residual_squares;
};

// The two words of x~ at columns t, t+1 of a row in shared memory.
template <class T>
static __device__ __forceinline__ u32 screen_pair(const unsigned char* row, int t, int dimension,
                                                  const float* shift, float scale) {
  u32 pair = 0;
#pragma unroll
  for (int i = 0; i < 2; i++) {
    if (t + i < dimension) {
      u32 word = *(const u32*)(row + (t + i) / T::kPerWord * 4);
      float framed = fmaf(T::get(word, (t + i) % T::kPerWord), scale, -shift[t + i]);
      __half screen = __float2half_rn(fmaxf(-65504.0f, fminf(65504.0f, framed)));
      pair |= (u32)__half_as_ushort(screen) << (16 * i);
    }
  }
  return pair;
}

// x~ of 8 columns: float16 rows are their own screen rows.
template <class T>
static __device__ __forceinline__ uint4 screen_piece(const unsigned char* row, int t,
                                                     const ChunkRows& x) {
  if (t >= x.row_words * T::kPerWord) {
    return make_uint4(0, 0, 0, 0);
  }
  if (T::kBytes == 2) {
    return *(const uint4*)(row + t * 2);
  }
  int d = x.frame.dimension;
  float scale = x.frame.scale;
  return make_uint4(screen_pair<T>(row, t, d, x.shift, scale),
                    screen_pair<T>(row, t + 2, d, x.shift, scale),
                    screen_pair<T>(row, t + 4, d, x.shift, scale),
                    screen_pair<T>(row, t + 6, d, x.shift, scale));
}

// Bytes from centroid to centroid of the group's float16 columns in shared memory (image order): 8 rows
// of 4 threads meet no conflict.
static __device__ __forceinline__ int screen_stride(int dimension) {
  return (dimension + kSliceColumns - 1) / kSliceColumns * 128 + 16;
}

static __device__ __forceinline__ void load_screen(unsigned char* s_screen, const CentroidSet& c,
                                                   int group) {
  int slices = (c.dimension + kSliceColumns - 1) / kSliceColumns;
  const unsigned char* image = c.images + (size_t)(group / kGroupsPerTile) * slices * kSliceBytes;
  for (int i = threadIdx.x; i < slices * 64; i += kDecideThreads) {
    int slice = i / 64;
    int j = i / 8 % 8;
    int piece = i % 8;
    int at = image_row(group % kGroupsPerTile * kGroup + j);
    *(uint4*)(s_screen + j * screen_stride(c.dimension) + slice * 128 + piece * 16) =
        *(const uint4*)(image + (size_t)slice * kSliceBytes + image_offset(at, piece * 8));
  }
}

// choose: the warp's own rows, `own` of them from tile row `first`, 32 at a time, against the group's 8
// centroids.
template <class T>
static __device__ void choose(const unsigned char* rows, int first, int own, const ChunkRows& x,
                              const CentroidSet& c, const unsigned char* s_screen, int row_stride,
                              int group, DecideShared& s) {
  int lane = threadIdx.x % 32;
  int quad = lane % 4;
  const unsigned char* screen = s_screen + lane / 4 * screen_stride(c.dimension) + quad * 4;
  const unsigned char* row[4];
#pragma unroll
  for (int r = 0; r < 4; r++) {
    row[r] = rows + (first + min(r * 8 + lane / 4, own - 1)) * row_stride;
  }
  float acc[2][4] = {};
#pragma unroll(T::kBytes == 1 ? 1 : 2)
  for (int t = 0; t < c.dimension; t += 32) {
    u32 b[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      b[i] = *(const u32*)(screen + t * 2 + i * 16);
    }
#pragma unroll
    for (int m = 0; m < 2; m++) {
      if (m == 1 && own <= 16) {
        break;
      }
      uint4 p = screen_piece<T>(row[m * 2], t + quad * 8, x);
      uint4 q = screen_piece<T>(row[m * 2 + 1], t + quad * 8, x);
      u32 a0[4] = {p.x, q.x, p.y, q.y};
      u32 a1[4] = {p.z, q.z, p.w, q.w};
      mma_m16n8k16(acc[m], a0, b[0], b[1]);
      mma_m16n8k16(acc[m], a1, b[2], b[3]);
    }
  }
  const float* h = c.half_norms + group * kGroup + quad * 2;
  float h0 = h[0];
  float h1 = h[1];
#pragma unroll
  for (int r = 0; r < 4; r++) {
    float s0 = acc[r / 2][r % 2 * 2] - h0;
    float s1 = acc[r / 2][r % 2 * 2 + 1] - h1;
    float best = fmaxf(s0, s1);
    float second = fminf(s0, s1);
    int winner = quad * 2 + (s1 > s0);
#pragma unroll
    for (int offset = 1; offset <= 2; offset <<= 1) {
      float other = __shfl_xor_sync(~0u, best, offset);
      float other_second = __shfl_xor_sync(~0u, second, offset);
      int other_winner = __shfl_xor_sync(~0u, winner, offset);
      second = fmaxf(fmaxf(second, other_second), fminf(best, other));
      winner = other > best ? other_winner : winner;
      best = fmaxf(best, other);
    }
    int at = r * 8 + lane / 4;
    if (quad == 0 && at < own) {
      s.best[first + at] = winner;
      s.second[first + at] = second;
    }
  }
}

static __device__ __forceinline__ void load_four(const double* c, double values[4]) {
  *(double2*)values = *(const double2*)c;
  *(double2*)(values + 2) = *(const double2*)(c + 2);
}

static __device__ __forceinline__ void load_four(const float* c, double values[4]) {
  float4 four = *(const float4*)c;
  values[0] = four.x, values[1] = four.y, values[2] = four.z, values[3] = four.w;
}

// decide: D(x, b) of one row; c: the centroid, 16-byte aligned, in float64 or float32.
template <class T, class C>
static __device__ __forceinline__ double measure(const unsigned char* row, int row_words, const C* c) {
  double sum = 0;
#pragma unroll 2
  for (int w = 0; w < row_words; w += 4) {
    uint4 piece = *(const uint4*)(row + w * 4);
    u32 words[4] = {piece.x, piece.y, piece.z, piece.w};
#pragma unroll
    for (int v = 0; v < 4 * T::kPerWord; v += 4) {
      __align__(16) double values[4];
      load_four(c + w * T::kPerWord + v, values);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        sum = canonical_step<T>(words[(v + i) / T::kPerWord], (v + i) % T::kPerWord, values[i], sum);
      }
    }
  }
  return sum;
}

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
                                           const DecideShared& s) {
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

  __device__ __forceinline__ void add_rows(const unsigned char* rows, const DecideShared& s) {
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
                                   int row_stride, const DecideShared& s) {
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

// For the next pass's half norms; a float32 sum of squares is as good as any.
static __device__ __forceinline__ void add_norms(float norm_squared, float residual,
                                                 DecideShared& s) {
  float residual_squared = residual * residual;
  for (int offset = 16; offset > 0; offset >>= 1) {
    norm_squared += __shfl_xor_sync(~0u, norm_squared, offset);
    residual_squared += __shfl_xor_sync(~0u, residual_squared, offset);
  }
  if (threadIdx.x % 32 == 0) {
    atomicAdd(&s.norm_squares, norm_squared);
    atomicAdd(&s.residual_squares, residual_squared);
  }
}

// sort: tile rows by winner, 8 for none, in any order among equals; `offset` is the row's place.
static __device__ __forceinline__ void sort_tile(int winner, int offset, int parity,
                                                 DecideShared& s) {
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
