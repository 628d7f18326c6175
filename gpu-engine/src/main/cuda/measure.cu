// Rows whose nearest centroid bounds prove (bounds.cuh), before any screen: each row against its own centroid, in
// the order of the rows.
//
//   sample_rows_T      every 64th tile of rows, only to see what share the bounds would leave open
//   measure_rows_T     where that is too much, nothing: every row is screened. Else open rows are listed, and
//                      middle ones; kept rows have their bounds carried over and their costs counted
//   confirm_middle_T   after middle rows were screened against the fastest centroids: they are kept, or open
// Exact in each step: a kept row's distance is the canonical one.
#include "bounds.cuh"

namespace flashlloyd {

constexpr int kMeasureThreads = 256;
constexpr int kMeasureTile = 512;
constexpr int kSampleOf = 64;

// A row is kept; middle, of a level from 0 on; or open.
constexpr int kKept = -1;
constexpr int kToScreen = kLevels;

// Where what is known of kept rows goes.
struct KeptRows {
  Screened found;
  RowResults results;
  Totals totals;
  const u64* weights;

  // For whom every row is decided as if it had been screened: no other centroid is in question.
  __device__ __forceinline__ void name(int row, int own) const {
    found.nearest[row] = own;
    found.seconds[row] = -__int_as_float(0x7f800000);
    if (found.runner_ups != nullptr) {
      found.runner_ups[row] = 0;
      found.thirds[row] = -__int_as_float(0x7f800000);
    }
  }
  // By `lanes` lanes, this one number `lane` of them; together they count the row.
  __device__ __forceinline__ void count(int row, int own, double distance, int lane, int lanes) const {
    if (lane == 0 && results.distances != nullptr) {
      results.distances[row] = distance;
    }
    u64* digits = totals.cost_digits + (size_t)own * kCostDigits;
    if (weights != nullptr) {
      if (lane == 0) {
        atomicAdd(totals.counts + own, weights[row]);
        cost_digits(distance, weights[row],
                    [&](int digit, u32 value) { atomicAdd(digits + digit, (u64)value); });
      }
      return;
    }
    CostPieces pieces(distance);
    for (int i = lane; i < 4; i += lanes) {
      if (i < 3) {
        pieces.add(digits, i);
      } else {
        atomicAdd(totals.counts + own, 1ull);
      }
    }
  }
};

// Whether so many rows would be open that every one is screened: all CTAs, of all kernels, say the same.
static __device__ __forceinline__ bool too_many_open(const BoundedRows& b) {
  float open = b.sampled[1];
#pragma unroll
  for (int level = 0; level < kLevels; level++) {
    open += b.middle_shares[level] * b.sampled[2 + level];
  }
  return open > b.most_open * b.sampled[0];
}

// A CTA's entries of a list, of one tile.
struct TileList {
  int rows[kMeasureTile];
  u32 count;
  u32 first;

  __device__ __forceinline__ void add(int row) { rows[atomicAdd(&count, 1u)] = row; }
  // Thread 0 reserves, then all copy.
  __device__ __forceinline__ void reserve(u32* total) { first = count == 0 ? 0 : atomicAdd(total, count); }
  __device__ __forceinline__ void copy(int* list) const {
    for (u32 i = threadIdx.x; i < count; i += blockDim.x) {
      list[first + i] = rows[i];
    }
  }
};

template <class T, bool kSample>
static __device__ __forceinline__ void measure_rows(const ChunkRows& x, const CentroidSet& c,
                                                    const BoundedRows& b, const KeptRows& kept) {
  __shared__ TileList s_lists[kLevels + 1];  // by verdict
  if (!kSample && too_many_open(b)) {
    if (blockIdx.x == 0 && threadIdx.x == 0) {
      *b.open_count = kEveryRow;
    }
    return;
  }
  Moves moves = *b.moves;
  Carry carry = {b.shrink};
  int stride = padded_dimension(c.dimension);
  int lane = threadIdx.x % kDistanceLanes;
  int place = threadIdx.x / kDistanceLanes;
  constexpr int kAtOnce = kMeasureThreads / kDistanceLanes;
  constexpr int kStep = kSample ? kSampleOf : 1;
  int tiles = (x.n + kMeasureTile - 1) / kMeasureTile;
  u32 kept_rows = 0;
  for (int tile = blockIdx.x * kStep; tile < tiles; tile += gridDim.x * kStep) {
    __syncthreads();  // the lists are free again
    if (threadIdx.x <= kLevels) {
      s_lists[threadIdx.x].count = 0;
    }
    __syncthreads();
    int end = min(x.n, (tile + 1) * kMeasureTile);
    for (int row = tile * kMeasureTile + place; row < end; row += kAtOnce) {
      int own = b.assignments[row];
      float before = b.bounds[row];
      double distance = shared_distance<T>(x.rows + (size_t)row * x.row_words,
                                           c.padded + (size_t)own * stride, x.row_words);
      int verdict = kKept;
      float bound = __fsub_rd(before, moves.all.of_others(own));
#pragma unroll
      for (int level = 0; level <= kLevels; level++) {
        if (verdict == level - 1 && !carry.keeps(bound, distance)) {
          verdict = level;
          bound = level < kLevels ? __fsub_rd(before, moves.slow[level].of_others(own)) : kOpen;
        }
      }
      if (!kSample && verdict == kKept && b.settles) {
        kept.count(row, own, distance, lane, kDistanceLanes);
      }
      if (lane != 0) {
        continue;
      }
      if (verdict == kKept) {
        kept_rows++;
      } else {
        s_lists[verdict].add(row);
      }
      if (!kSample) {
        b.bounds[row] = bound;
        if (verdict == kKept) {
          if (!b.settles) {
            kept.name(row, own);
          }
        } else if (verdict < kToScreen) {
          b.distances[row] = distance;
        }
      }
    }
    __syncthreads();
    if (threadIdx.x <= kLevels) {
      bool open = threadIdx.x == kToScreen;
      TileList& list = s_lists[threadIdx.x];
      if (kSample) {
        atomicAdd(b.sampled + (open ? 1 : 2 + threadIdx.x), list.count);
      } else {
        list.reserve(open ? b.open_count : b.middle_counts + threadIdx.x);
      }
    }
    if (kSample && threadIdx.x == 0) {
      atomicAdd(b.sampled, (u32)(end - tile * kMeasureTile));
    }
    __syncthreads();
    if (!kSample) {
      s_lists[kToScreen].copy(b.open);
#pragma unroll
      for (int level = 0; level < kLevels; level++) {
        s_lists[level].copy(b.middle[level]);
      }
    }
  }
  if (!kSample) {
    kept_rows += __shfl_xor_sync(~0u, kept_rows, 8);
    kept_rows += __shfl_xor_sync(~0u, kept_rows, 16);
    if (threadIdx.x % 32 == 0 && kept_rows != 0) {
      atomicAdd(b.kept, (u64)kept_rows);
    }
  }
}

// What the screen of a level's middle rows found.
struct FastScreen {
  int level;
  const int* fastest;             // which centroids these are ...
  const float* padded;            // ... and themselves, as prepare_centroids leaves them
  const CentroidBounds* bounds;
  Screened found;                 // with bests
  RowFacts facts;
};

// At most a row's distance from all fastest centroids but its own, by the kDistanceLanes lanes that have the row.
// Where the screen names the row's own centroid, the score of all others counts; where it finds octets, the one
// that has the row's own centroid is measured, the others' score counts.
template <class T>
static __device__ __forceinline__ float apart_from_fastest(const ChunkRows& x, const FastScreen& fast,
                                                           double shrink, int row, int own) {
  int nearest = fast.found.nearest[row];
  bool octets = fast.found.runner_ups != nullptr;
  int lane = threadIdx.x % kDistanceLanes;
  u32 members = 0xffu << (threadIdx.x % 32 - lane);
  bool is_own = fast.fastest[octets ? nearest + lane : nearest] == own;
  bool has_own = __ballot_sync(members, is_own) & members;
  float best = fast.found.bests[row];
  // The score is known but for rounding, its offset's too.
  best = __fadd_ru(best, 0x1p-21f * (fabsf(best) + fast.bounds->offset) + 1e-30f);
  float score = has_own ? fast.facts.seconds[row] : best;
  float apart = distance_floor(score, fast.facts.norms[row],
                               fast.facts.residuals == nullptr ? 0 : fast.facts.residuals[row],
                               fast.bounds, x.frame);
  if (octets && has_own) {
    static_assert(kDistanceLanes == kGroup, "a lane for each of the octet");
    double distance = __longlong_as_double(0x7ff0000000000000ll);
    if (!is_own) {
      int stride = padded_dimension(x.frame.dimension);
      distance = canonical_distance<T>(x.rows + (size_t)row * x.row_words,
                                       fast.padded + (size_t)(nearest + lane) * stride, x.row_words);
    }
    for (int offset = 1; offset < kDistanceLanes; offset <<= 1) {
      distance = fmin(distance, __shfl_xor_sync(members, distance, offset));
    }
    apart = fminf(apart, __double2float_rd(sqrt(distance * shrink) * (1 - 0x1p-50)));
  }
  return apart;
}

template <class T>
static __device__ __forceinline__ void confirm_middle(const ChunkRows& x, const BoundedRows& b,
                                                      const FastScreen& fast, const KeptRows& kept) {
  u32 count = b.middle_counts[fast.level];
  const int* list = b.middle[fast.level];
  Carry carry = {b.shrink};
  int lane = threadIdx.x % kDistanceLanes;
  u32 step = gridDim.x * blockDim.x / kDistanceLanes;
  u32 kept_rows = 0;
  u32 padded_count = (count + 3) / 4 * 4;  // whole warps stay together
  for (u32 i = (blockIdx.x * blockDim.x + threadIdx.x) / kDistanceLanes; i < padded_count; i += step) {
    int row = list[min(i, count - 1)];
    int own = b.assignments[row];
    float bound = fminf(b.bounds[row], apart_from_fastest<T>(x, fast, b.shrink, row, own));
    double distance = b.distances[row];
    __syncwarp();  // all have read the bound
    bool keeps = carry.keeps(bound, distance);
    if (i < count && keeps && b.settles) {
      kept.count(row, own, distance, lane, kDistanceLanes);
    }
    bool mine = i < count && lane == 0;
    u32 at = append(b.open_count, mine && !keeps);
    if (mine && keeps) {
      kept_rows++;
      b.bounds[row] = bound;
      if (!b.settles) {
        kept.name(row, own);
      }
    } else if (mine) {
      b.bounds[row] = kOpen;
      b.open[at] = row;
    }
  }
  kept_rows += __shfl_xor_sync(~0u, kept_rows, 8);
  kept_rows += __shfl_xor_sync(~0u, kept_rows, 16);
  if (threadIdx.x % 32 == 0 && kept_rows != 0) {
    atomicAdd(b.kept, (u64)kept_rows);
  }
}

#define MEASURE(suffix, type)                                                                     \
  extern "C" __global__ void __launch_bounds__(kMeasureThreads)                                   \
      sample_rows_##suffix(ChunkRows x, CentroidSet c, BoundedRows b) {                           \
    measure_rows<type, true>(x, c, b, KeptRows{});                                                \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kMeasureThreads)                                   \
      measure_rows_##suffix(ChunkRows x, CentroidSet c, BoundedRows b, Screened found,            \
                            RowResults results, Totals totals) {                                  \
    measure_rows<type, false>(x, c, b, KeptRows{found, results, totals, x.weights});              \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kMeasureThreads)                                   \
      confirm_middle_##suffix(ChunkRows x, BoundedRows b, FastScreen fast, Screened found,        \
                              RowResults results, Totals totals) {                                \
    confirm_middle<type>(x, b, fast, KeptRows{found, results, totals, x.weights});                \
  }
MEASURE(float32, Float32)
MEASURE(float16, Float16)
MEASURE(uint8, Uint8)
MEASURE(int8, Int8)

}  // namespace flashlloyd
