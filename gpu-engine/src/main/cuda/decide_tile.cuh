// The stages of decide_and_sum.cu that decide a tile of rows; see there for what they are to each other.
#pragma once
#include "ptx_sm90.cuh"
#include "undecided.cuh"

namespace flashlloyd {

constexpr int kDecideThreads = 128;
constexpr int kMaxTileRows = 128;
constexpr int kWarps = kDecideThreads / 32;

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
  int named;       // whether the screen named each row's nearest centroid: there is nothing to choose
  u32 split_high;  // two float16 each: see sum_tiles.cuh
  u32 split_low;
};

// Lanes that add to one cluster's cost wait for each other: each cluster has four copies of its digits,
// all 32 words of a digit in different banks. Of a distance's digits those from totals.cost_base on are kept
// so, as many as ordinary distances have; another digit is added to global memory at once. What comes after
// the digits counts the rows.
constexpr int kCostCopies = 4;
constexpr int kCostWindow = 12;

struct DecideShared {
  u32 cost[kCostWindow + 1][kGroup][kCostCopies];
  float norm_squares;
  float residual_squares;
};

static __device__ __forceinline__ SortedRow read_once(const SortedRow* row) {
  int4 words = __ldcs((const int4*)row);
  return {words.x, __int_as_float(words.y), __int_as_float(words.z), __int_as_float(words.w)};
}

// Up to item_rows rows of one group.
struct WorkItem {
  int group;
  u32 begin;
  u32 end;

  __device__ __forceinline__ WorkItem(const DecideShape& shape, u32 index) {
    group = shape.item_groups[index];
    begin = shape.starts[group] + (index - shape.item_starts[group]) * shape.item_rows;
    end = min(begin + shape.item_rows, shape.starts[group + 1]);
  }
};

// The warp's part of a tile: tile rows first .. first + count - 1, at most 32, of which a lane has its own,
// `lane_row`; lanes without one do as the last does.
struct OwnRows {
  int first;
  int count;
  int lane_row;
  unsigned char* rows;  // in shared memory

  __device__ __forceinline__ OwnRows(unsigned char* tile, const DecideShape& shape) {
    int share = (shape.tile_rows + kWarps - 1) / kWarps;
    first = (int)threadIdx.x / 32 * share;
    count = max(0, min(share, shape.tile_rows - first));
    lane_row = first + max(0, min((int)threadIdx.x % 32, count - 1));
    rows = tile + first * shape.row_stride;
  }
  __device__ __forceinline__ bool has_lane() const { return (int)threadIdx.x % 32 < count; }
};

// gather: the rows of the lanes' numbers to the warp's shared memory, each read once and so the first to
// leave L2. From Hopper on one instruction brings a row.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
struct RowGather {
  u32 arrived;
  u32 parity;
  u64 policy;

  __device__ __forceinline__ void start(u64* barriers) {
    arrived = smem_address(barriers + threadIdx.x / 32);
    parity = 0;
    asm volatile("createpolicy.fractional.L2::evict_first.b64 %0, 1.0;" : "=l"(policy));
    if (threadIdx.x % 32 == 0) {
      barrier_init(arrived, 1);
      asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    }
    __syncwarp();
  }
  __device__ __forceinline__ void begin(const ChunkRows& x, int row, const OwnRows& own,
                                        int row_stride) const {
    int lane = threadIdx.x % 32;
    u32 row_bytes = x.row_words * 4;
    if (lane == 0) {
      barrier_expect(arrived, own.count * row_bytes);
    }
    __syncwarp();
    if (lane < own.count) {
      bulk_copy_once(smem_address(own.rows) + lane * row_stride,
                     (const unsigned char*)x.rows + row * (size_t)row_bytes, row_bytes, arrived,
                     policy);
    }
  }
  __device__ __forceinline__ void wait() {
    barrier_wait(arrived, parity);
    parity ^= 1;
  }
};
#else
// 16 bytes a lane; a power of two of lanes bring a row together, so that nothing is divided.
struct RowGather {
  __device__ __forceinline__ void start(u64*) {}
  __device__ __forceinline__ void begin(const ChunkRows& x, int row, const OwnRows& own,
                                        int row_stride) const {
    int lane = threadIdx.x % 32;
    int pieces = x.row_words / 4;
    size_t row_bytes = (size_t)x.row_words * 4;
    int shift = pieces > 16 ? 5 : pieces > 8 ? 4 : pieces > 4 ? 3 : 2;
    int piece = lane & ((1 << shift) - 1);
    int step = 32 >> shift;
    const unsigned char* from = (const unsigned char*)x.rows + piece * 16;
    u32 to = smem_address(own.rows) + (lane >> shift) * row_stride + piece * 16;
    if (pieces <= 32) {
      int padded_count = (own.count + 7) / 8 * 8;
#pragma unroll 4
      for (int r = lane >> shift; r < padded_count; r += step) {
        const unsigned char* at = from + __shfl_sync(~0u, row, r) * row_bytes;
        if (r < own.count && piece < pieces) {
          copy_16(to, at);
        }
        to += step * row_stride;
      }
    } else {
      for (int r = 0; r < own.count; r++) {
        const unsigned char* at = from + __shfl_sync(~0u, row, r) * row_bytes;
        for (int next = 0; next + lane < pieces; next += 32) {
          copy_16(to + next * 16, at + next * 16);
        }
        to += row_stride;
      }
    }
    asm volatile("cp.async.commit_group;");
  }
  __device__ __forceinline__ void wait() const {
    asm volatile("cp.async.wait_group 0;");
    __syncwarp();
  }
};
#endif

// x~ of columns t .. t+7 of a row in shared memory: float16 rows are their own screen rows. kWhole: the row
// has them all.
template <class T, bool kWhole>
static __device__ __forceinline__ uint4 screen_piece(const unsigned char* row, int t,
                                                     const ChunkRows& x) {
  int columns = x.row_words * T::kPerWord;
  if (!kWhole && t >= columns) {
    return make_uint4(0, 0, 0, 0);
  }
  if (T::kBytes == 2) {
    return *(const uint4*)(row + t * 2);
  }
  __align__(16) u32 words[8] = {};
  if (T::kBytes == 4) {
    *(uint4*)words = *(const uint4*)(row + t * 4);
    if (kWhole || t + 4 < columns) {
      *(uint4*)(words + 4) = *(const uint4*)(row + t * 4 + 16);
    }
  } else {
    *(uint2*)words = *(const uint2*)(row + t);
  }
  __align__(16) float shift[8];  // zeros behind the dimension
  *(float4*)shift = *(const float4*)(x.shift + t);
  *(float4*)(shift + 4) = *(const float4*)(x.shift + t + 4);
  const __half2 limit = __floats2half2_rn(65504.0f, 65504.0f);
  u32 pairs[4];
#pragma unroll
  for (int i = 0; i < 8; i += 2) {
    float framed[2];
#pragma unroll
    for (int v = 0; v < 2; v++) {
      float value = T::get(words[(i + v) / T::kPerWord], (i + v) % T::kPerWord);
      framed[v] = fmaf(value, x.frame.scale, -shift[i + v]);
    }
    // Saturated after rounding, which comes to the same.
    __half2 pair =
        __hmax2(__hneg2(limit), __hmin2(limit, __floats2half2_rn(framed[0], framed[1])));
    pairs[i / 2] = *(u32*)&pair;
  }
  return make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
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

// What is known of a row's scores in its group.
struct Choice {
  float best;
  float second;
  int winner;

  // Of two rows' choices this lane keeps one, and learns what the lane `offset` away has of that row.
  static __device__ __forceinline__ Choice trade(Choice low, Choice high, int offset) {
    bool up = threadIdx.x & offset;
    Choice kept = {up ? high.best : low.best, up ? high.second : low.second,
                   up ? high.winner : low.winner};
    float best = __shfl_xor_sync(~0u, up ? low.best : high.best, offset);
    float second = __shfl_xor_sync(~0u, up ? low.second : high.second, offset);
    int winner = __shfl_xor_sync(~0u, up ? low.winner : high.winner, offset);
    kept.second = fmaxf(fmaxf(kept.second, second), fminf(kept.best, best));
    kept.winner = best > kept.best ? winner : kept.winner;
    kept.best = fmaxf(kept.best, best);
    return kept;
  }
};

// Columns t .. t+31 of the rows that this lane's quad reads; kWhole: there are so many.
template <class T, bool kWhole>
static __device__ __forceinline__ void choose_step(const unsigned char* const row[4], int count,
                                                   const unsigned char* screen, int t, int quad,
                                                   const ChunkRows& x, float acc[2][4]) {
  u32 b[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    b[i] = *(const u32*)(screen + t * 2 + i * 16);
  }
#pragma unroll
  for (int m = 0; m < 2; m++) {
    if (m == 1 && count <= 16) {
      break;
    }
    uint4 p = screen_piece<T, kWhole>(row[m * 2], t + quad * 8, x);
    uint4 q = screen_piece<T, kWhole>(row[m * 2 + 1], t + quad * 8, x);
    u32 a0[4] = {p.x, q.x, p.y, q.y};
    u32 a1[4] = {p.z, q.z, p.w, q.w};
    mma_m16n8k16(acc[m], a0, b[0], b[1]);
    mma_m16n8k16(acc[m], a1, b[2], b[3]);
  }
}

// choose: the warp's own rows, at most 32, against the group's 8 centroids; a lane gets its own row's.
template <class T>
static __device__ __forceinline__ Choice choose(const OwnRows& own, const ChunkRows& x,
                                                const CentroidSet& c,
                                                const unsigned char* s_screen, int row_stride,
                                                int group) {
  int lane = threadIdx.x % 32;
  int quad = lane % 4;
  const unsigned char* screen = s_screen + lane / 4 * screen_stride(c.dimension) + quad * 4;
  const unsigned char* row[4];
#pragma unroll
  for (int r = 0; r < 4; r++) {
    row[r] = own.rows + max(0, min(r * 8 + lane / 4, own.count - 1)) * row_stride;
  }
  float acc[2][4] = {};
  int columns = x.row_words * T::kPerWord;
  int t = 0;
#pragma unroll(T::kBytes == 2 ? 2 : 1)
  for (; t + 32 <= columns; t += 32) {
    choose_step<T, true>(row, own.count, screen, t, quad, x, acc);
  }
  if (t < columns) {
    choose_step<T, false>(row, own.count, screen, t, quad, x, acc);
  }
  const float* h = c.half_norms + group * kGroup + quad * 2;
  float h0 = h[0];
  float h1 = h[1];
  Choice of[4];
#pragma unroll
  for (int r = 0; r < 4; r++) {
    float s0 = acc[r / 2][r % 2 * 2] - h0;
    float s1 = acc[r / 2][r % 2 * 2 + 1] - h1;
    of[r] = {fmaxf(s0, s1), fminf(s0, s1), quad * 2 + (s1 > s0)};
  }
  // Lane q of a quad ends with row q * 8 + lane / 4.
  Choice mine = Choice::trade(Choice::trade(of[0], of[2], 2), Choice::trade(of[1], of[3], 2), 1);
  int from = lane % 8 * 4 + lane / 8;
  mine.second = __shfl_sync(~0u, mine.second, from);
  mine.winner = __shfl_sync(~0u, mine.winner, from);
  return mine;
}

// The group's centroids as float64 in shared memory, 8 of them without a conflict.
struct SharedCentroids {
  double* all;
  int stride;

  __device__ __forceinline__ void load(const float* centroids) const {
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
      for (int t = threadIdx.x; t < stride; t += kDecideThreads) {
        all[j * (stride + 2) + t] = centroids[j * stride + t];
      }
    }
  }
  __device__ __forceinline__ const double* of(int j) const { return all + j * (stride + 2); }
};

// The same where they are too large for that.
struct GlobalCentroids {
  const float* all;
  int stride;

  __device__ __forceinline__ const float* of(int j) const { return all + j * stride; }
};

static __device__ __forceinline__ void load_four(const double* c, double values[4]) {
  *(double2*)values = *(const double2*)c;
  *(double2*)(values + 2) = *(const double2*)(c + 2);
}

static __device__ __forceinline__ void load_four(const float* c, double values[4]) {
  float4 four = *(const float4*)c;
  values[0] = four.x, values[1] = four.y, values[2] = four.z, values[3] = four.w;
}

// measure: D(x, b) of one row; c: the centroid, 16-byte aligned, in float64 or float32.
template <class T, class C>
static __device__ __forceinline__ double measure(const unsigned char* row, int row_words, const C* c) {
  double sum = 0;
#pragma unroll 4
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

// What a lane adds up over the rows of an item, for the next pass's half norms; a float32 sum of squares
// is as good as any.
struct LaneTotals {
  float norm_squares = 0;
  float residual_squares = 0;

  __device__ __forceinline__ void add_to(DecideShared& s) {
#pragma unroll
    for (int offset = 16; offset > 0; offset >>= 1) {
      norm_squares += __shfl_xor_sync(~0u, norm_squares, offset);
      residual_squares += __shfl_xor_sync(~0u, residual_squares, offset);
    }
    if (threadIdx.x % 32 == 0) {
      atomicAdd(&s.norm_squares, norm_squares);
      atomicAdd(&s.residual_squares, residual_squares);
    }
  }
};

}  // namespace flashlloyd
