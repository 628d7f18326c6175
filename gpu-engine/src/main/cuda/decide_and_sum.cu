// Refine and Sort-Inverse Update in one pass: each row is loaded once.
//
// A CTA takes a work item, up to item_rows rows of one group, in tiles of `tile_rows`, and each warp its own
// quarter of a tile:
//   gather   the rows, through `order`, to shared memory (a bulk copy a row from Hopper on, else cp.async)
//   choose   x~ . c~ of the group's 8 centroids on the tensor cores: winner b, runner-up's score; not
//            where the screen named b
//   measure  one thread a row: D(x, b) in float64
//   decide   threshold (error_bound.cuh). If the score of another centroid (the screen's, or inside the
//            group the choice's) reaches it, the row becomes an entry for resolve.cu
//   sum      kNone: not here. No warp waits for another, and its next rows are on their way as soon as
//            these are measured
//            kTensor: sum_tiles.cuh, on the tensor cores, float32 that hold exact sums
//            kDouble: the tile's rows sorted by winner (ballots, no memory traffic), one thread a
//            4-byte word and a share of the rows, int64 in registers for each of the 8 centroids
//            kGeneral: the same, adding to global memory tile by tile; weights and two limbs
// All but the last take unweighted rows and keep the group's centroids in shared memory; kTensor takes
// lossless scales and sums of one limb, kDouble |quantized| < 2^50.
//
// shared memory: rows [tile_rows x row_stride bytes], the group's float16 columns [8 x screen_stride],
// not kGeneral: its centroids [8 x (padded + 2)] float64.
// A row's stride is an odd number of 16-byte pieces, so 8 threads reading 8 rows meet no conflict.
#include "sum_rows.cuh"
#include "sum_tiles.cuh"

namespace flashlloyd {

enum Sums { kNone, kGeneral, kDouble, kTensor };

template <Sums kSums>
static __device__ __forceinline__ auto centroids_of(const CentroidSet& c, int group,
                                                    unsigned char* shared) {
  int stride = padded_dimension(c.dimension);
  const float* all = c.padded + (size_t)group * kGroup * stride;
  if constexpr (kSums == kGeneral) {
    return GlobalCentroids{all, stride};
  } else {
    SharedCentroids centroids = {(double*)shared, stride};
    centroids.load(all);
    return centroids;
  }
}

template <class T, Sums kSums>
__device__ void decide_and_sum(const ChunkRows& x, const CentroidSet& c, const DecideShape& shape,
                               const RowResults& results, const Totals& totals,
                               const Undecided& undecided, const Candidates& candidates) {
  extern __shared__ __align__(128) unsigned char s_rows[];
  __shared__ DecideShared s;
  __shared__ SumShared s_sums;
  __shared__ uint4 s_one_hots[kMaxTileRows];  // float16 1 at the winner, zeros where there is none
  __shared__ __align__(8) u64 s_arrived[kWarps];
  int tid = threadIdx.x;
  int lane = tid % 32;
  if (blockIdx.x >= shape.item_starts[shape.group_count]) {
    return;
  }
  WorkItem item(shape, blockIdx.x);
  OwnRows own(s_rows, shape);
  RowGather rows;
  rows.start(s_arrived);
  SortedRow next = read_once(shape.order + min(item.begin + own.lane_row, item.end - 1));
  unsigned char* s_screen = s_rows + shape.tile_rows * shape.row_stride;
  if (!shape.named) {
    load_screen(s_screen, c, item.group);
  }
  auto centroids =
      centroids_of<kSums>(c, item.group, s_screen + kGroup * screen_stride(c.dimension));
  for (int i = tid; i < (int)(sizeof(s) / 4); i += kDecideThreads) {
    ((u32*)&s)[i] = 0;
  }
  bool with_sums = kSums != kNone && totals.low != nullptr;
  WordSums<T> sums;
  float parts[kWarpParts][Parts<T>::kSums][4] = {};
  bool one_window = x.row_words * 4 <= kWindowBytes;
  if constexpr (kSums == kDouble) {
    sums.start(x.row_words, c, totals);
  }
  if constexpr (kSums == kDouble || kSums == kGeneral) {
    if (tid < 24) {
      s_sums.tile_counts[tid / 12][tid % 12] = 0;
    }
  }
  if constexpr (kSums == kTensor) {
    s_one_hots[tid] = make_uint4(0, 0, 0, 0);
  }
  LaneTotals lane_totals;
  int parity = 0;
  // Whether the warp gets rows of the tile that begins there: those that are summed are always full of rows.
  auto comes = [&](u32 first) {
    return with_sums ? first < item.end : first + own.first < item.end;
  };
  __syncthreads();
  if (comes(item.begin)) {
    rows.begin(x, next.row(), own, shape.row_stride);
  }
  for (u32 first = item.begin; first < item.end; first += shape.tile_rows, parity ^= 1) {
    SortedRow sorted = next;
    int row = sorted.row();
    int count = min((u32)shape.tile_rows, item.end - first);
    bool mine = own.has_lane() && own.lane_row < count;
    // While the tile comes: which rows the next one has.
    u32 later = first + shape.tile_rows;
    next = read_once(shape.order + min(later + own.lane_row, item.end - 1));
    if (comes(first)) {
      rows.wait();
    }
    Choice choice;
    double distance;
    if (own.first < count) {
      choice = shape.named ? Choice{0, sorted.second, sorted.place()}
                           : choose<T>(own, x, c, s_screen, shape.row_stride, item.group);
      distance = measure<T>(s_rows + own.lane_row * shape.row_stride, x.row_words,
                            centroids.of(choice.winner));
    }
    if (!with_sums) {
      __syncwarp();  // the warp has read its rows
      if (comes(later)) {
        rows.begin(x, next.row(), own, shape.row_stride);
      }
    }
    int winner = kGroup;
    if (mine) {
      lane_totals.norm_squares += sorted.norm;
      lane_totals.residual_squares += sorted.residual * sorted.residual;
      float threshold =
          score_threshold(distance, sorted.norm, sorted.residual, c.bounds, x.frame);
      if (fmaxf(choice.second, sorted.second) < threshold) {
        winner = choice.winner;
        int cluster = item.group * kGroup + winner;
        if (!shape.named) {
          results.nearest[row] = cluster;
          if (choice.second > sorted.second) {
            shape.found.seconds[row] = choice.second;
          }
        }
        if (results.distances != nullptr) {
          results.distances[row] = distance;
        }
        u64 weight = 1;
        if (kSums == kGeneral && x.weights != nullptr) {
          weight = x.weights[row];
          atomicAdd(totals.counts + cluster, weight);
        }
        u32* cost = &s.cost[0][winner][lane % kCostCopies];
        auto add = [&](int digit, u32 value) {
          u32 at = digit - totals.cost_base;
          if (at < kCostWindow) {
            atomicAdd(cost + at * kGroup * kCostCopies, value);
          } else {
            atomicAdd(totals.cost_digits + (size_t)cluster * kCostDigits + digit, (u64)value);
          }
        };
        cost_digits(distance, weight, add);
        atomicAdd(cost + kCostWindow * kGroup * kCostCopies, 1);
      } else {
        if (shape.named) {
          threshold = at_least_floor(threshold, sorted, c, x.frame.dimension);
        }
        leave_undecided(sorted, item.group, threshold, shape.found, undecided, candidates);
      }
    }
    if (!with_sums) {
      continue;
    }
    if constexpr (kSums == kTensor) {
      if (own.has_lane()) {
        s_one_hots[own.lane_row] = one_hot_row(winner);
      }
      __syncthreads();
      for (int window = 0; window < x.row_words * 4; window += kWindowBytes) {
        sum_tile<T>(smem_address(s_rows), window, shape, x.row_words * 4, s_one_hots, parts);
        if (!one_window) {
          flush_tile<T>(totals, c, item.group, window, parts);
        }
      }
    }
    if constexpr (kSums == kDouble || kSums == kGeneral) {
      if (kSums == kGeneral && own.has_lane()) {
        s_sums.row[own.lane_row] = row;
      }
      // Threads without a row go behind those with one: 128 places for 128 threads.
      sort_tile(winner, own.lane_row * shape.row_stride, parity, s_sums);
      if constexpr (kSums == kDouble) {
        sums.add_tile(s_rows, x.row_words, c, totals, item.group, s_sums);
      } else {
        sum_general<T>(s_rows, x, c, totals, item.group, shape.row_stride, s_sums);
      }
    }
    __syncthreads();  // the tile's sums are done
    if (comes(later)) {
      rows.begin(x, next.row(), own, shape.row_stride);
    }
  }
  lane_totals.add_to(s);
  __syncthreads();
  if constexpr (kSums == kTensor) {
    if (with_sums && one_window) {
      flush_tile<T>(totals, c, item.group, 0, parts);
    }
  }
  if constexpr (kSums == kDouble) {
    if (with_sums) {
      sums.finish(c, totals, item.group);
    }
  }
  bool weighted = kSums == kGeneral && x.weights != nullptr;
  for (int i = tid; i < (kCostWindow + !weighted) * kGroup; i += kDecideThreads) {
    int digit = i / kGroup;
    int cluster = item.group * kGroup + i % kGroup;
    u64 sum = 0;
    for (int copy = 0; copy < kCostCopies; copy++) {
      sum += s.cost[digit][i % kGroup][copy];
    }
    if (sum != 0) {
      u64* digits = totals.cost_digits + (size_t)cluster * kCostDigits + totals.cost_base;
      atomicAdd(digit == kCostWindow ? totals.counts + cluster : digits + digit, sum);
    }
  }
  if (tid == 0) {
    atomicAdd(&c.row_norms->norm_squares, (double)s.norm_squares);
    atomicAdd(&c.row_norms->residual_squares, (double)s.residual_squares);
    atomicAdd(&c.row_norms->rows, (double)(item.end - item.begin));
  }
}

#define DECIDE_AND_SUM(name, type, sums)                                                          \
  extern "C" __global__ void __launch_bounds__(kDecideThreads, 4)                                 \
      name(ChunkRows x, CentroidSet c, DecideShape shape, RowResults results, Totals totals,      \
           Undecided undecided, Candidates candidates) {                                          \
    FROM_SM80(decide_and_sum<type, sums>(x, c, shape, results, totals, undecided, candidates));   \
  }
DECIDE_AND_SUM(decide_float32, Float32, kNone)
DECIDE_AND_SUM(decide_float16, Float16, kNone)
DECIDE_AND_SUM(decide_uint8, Uint8, kNone)
DECIDE_AND_SUM(decide_int8, Int8, kNone)
DECIDE_AND_SUM(decide_and_sum_float32, Float32, kDouble)
DECIDE_AND_SUM(decide_and_sum_float16, Float16, kTensor)
DECIDE_AND_SUM(decide_and_sum_uint8, Uint8, kTensor)
DECIDE_AND_SUM(decide_and_sum_int8, Int8, kTensor)
DECIDE_AND_SUM(decide_and_sum_general_float32, Float32, kGeneral)
DECIDE_AND_SUM(decide_and_sum_general_float16, Float16, kGeneral)
DECIDE_AND_SUM(decide_and_sum_general_uint8, Uint8, kGeneral)
DECIDE_AND_SUM(decide_and_sum_general_int8, Int8, kGeneral)

// Of many problems: a work item is of one group, and so of one problem.
template <class T, Sums kSums>
__device__ __forceinline__ void decide_and_sum_many(ChunkRows x, CentroidSet c, DecideShape shape,
                                                    RowResults results, Totals totals,
                                                    const Undecided& undecided,
                                                    const Candidates& candidates,
                                                    const Problems& many) {
  if (blockIdx.x >= shape.item_starts[shape.group_count]) {
    return;
  }
  int index = many.of_cluster(shape.item_groups[blockIdx.x] * kGroup);
  many.focus(index, x, results, totals);
  c.bounds = many.bounds + index;
  c.row_norms = many.all[index].row_norms;
  shape.split_high = many.all[index].split_high;
  shape.split_low = many.all[index].split_low;
  decide_and_sum<T, kSums>(x, c, shape, results, totals, undecided, candidates);
}

#define DECIDE_AND_SUM_MANY(name, type, sums)                                                     \
  extern "C" __global__ void __launch_bounds__(kDecideThreads, 4)                                 \
      name(ChunkRows x, CentroidSet c, DecideShape shape, RowResults results, Totals totals,      \
           Undecided undecided, Candidates candidates, Problems many) {                           \
    FROM_SM80(decide_and_sum_many<type, sums>(x, c, shape, results, totals, undecided,            \
                                              candidates, many));                                 \
  }
DECIDE_AND_SUM_MANY(decide_many_float32, Float32, kNone)
DECIDE_AND_SUM_MANY(decide_many_float16, Float16, kNone)
DECIDE_AND_SUM_MANY(decide_many_uint8, Uint8, kNone)
DECIDE_AND_SUM_MANY(decide_many_int8, Int8, kNone)
DECIDE_AND_SUM_MANY(decide_and_sum_many_float32, Float32, kDouble)
DECIDE_AND_SUM_MANY(decide_and_sum_many_float16, Float16, kTensor)
DECIDE_AND_SUM_MANY(decide_and_sum_many_uint8, Uint8, kTensor)
DECIDE_AND_SUM_MANY(decide_and_sum_many_int8, Int8, kTensor)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_float32, Float32, kGeneral)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_float16, Float16, kGeneral)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_uint8, Uint8, kGeneral)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_int8, Int8, kGeneral)

}  // namespace flashlloyd
