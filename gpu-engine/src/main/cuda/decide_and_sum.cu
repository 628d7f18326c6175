// Refine and Sort-Inverse Update in one pass: each row is loaded once.
//
// A CTA takes a work item, up to item_rows rows of one group, in tiles of `tile_rows`:
//   gather   the tile's rows, through `order`, to shared memory (cp.async, 16 bytes a thread); each
//            warp brings its own quarter of the tile and goes on alone until the sums
//   choose   x~ . c~ of the group's 8 centroids on the tensor cores: winner b, runner-up's score
//   decide   one thread a row: D(x, b) in float64, threshold (error_bound.cuh). If a score outside
//            the group (the screen's) or inside reaches it, the row becomes an entry for resolve.cu
//   sum      kTensor: sum_tiles.cuh, on the tensor cores, float32 that hold exact sums
//            kDouble: the tile's rows sorted by winner (ballots, no memory traffic), one thread a
//            4-byte word and a share of the rows, int64 in registers for each of the 8 centroids
//            kGeneral: the same, adding to global memory tile by tile; weights and two limbs
// The first two take unweighted rows and sums of one limb, and keep the group's centroids as float64 in
// shared memory; kTensor takes lossless scales, kDouble |quantized| < 2^50.
//
// shared memory: rows [tile_rows x row_stride bytes], the group's float16 columns [8 x screen_stride],
// not kGeneral: its centroids [8 x (padded + 2)] float64.
// A row's stride is an odd number of 16-byte pieces, so 8 threads reading 8 rows meet no conflict.
#include "kernels.cuh"
#include "sum_tiles.cuh"

namespace flashlloyd {

enum Sums { kGeneral, kDouble, kTensor };

template <class T, Sums kSums>
__device__ void decide_and_sum(const ChunkRows& x, const CentroidSet& c, const DecideShape& shape,
                               const RowResults& results, const Totals& totals,
                               const Undecided& undecided, const Candidates& candidates,
                               const Moves& moves) {
  constexpr bool kFast = kSums != kGeneral;
  extern __shared__ __align__(128) unsigned char s_rows[];
  __shared__ DecideShared s;
  int tid = threadIdx.x;
  int warp = tid / 32;
  u32 item = blockIdx.x;
  if (item >= shape.item_starts[shape.group_count]) {
    return;
  }
  int group = shape.item_groups[item];
  u32 begin = shape.starts[group] + (item - shape.item_starts[group]) * shape.item_rows;
  u32 end = min(begin + shape.item_rows, shape.starts[group + 1]);
  int stride = padded_dimension(c.dimension);
  const float* group_centroids = c.padded + (size_t)group * kGroup * stride;
  unsigned char* s_screen = s_rows + shape.tile_rows * shape.row_stride;
  double* s_centroids = (double*)(s_screen + kGroup * screen_stride(c.dimension));
  load_screen(s_screen, c, group);
  if (kFast) {
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
      for (int t = tid; t < stride; t += kDecideThreads) {
        s_centroids[j * (stride + 2) + t] = group_centroids[j * stride + t];
      }
    }
  }
  for (int i = tid; i < kWarps * kGroup * kCostDigits; i += kDecideThreads) {
    (&s.cost[0][0][0])[i] = 0;
  }
  if (tid < kGroup) {
    s.counts[tid] = 0;
  }
  if (tid < 24) {
    s.tile_counts[tid / 12][tid % 12] = 0;
  }
  if (kSums == kTensor) {
    s.one_hot[tid] = make_uint4(0, 0, 0, 0);
  }
  if (tid == 0) {
    s.moved = 0;
    s.norm_squares = 0;
    s.residual_squares = 0;
  }
  bool with_sums = totals.low != nullptr;
  WordSums<T> sums;
  float parts[kWarpParts][Parts<T>::kSums][4] = {};
  bool one_window = x.row_words * 4 <= kWindowBytes;
  if (kSums == kDouble) {
    sums.start(x.row_words, c, totals);
  }
  int pieces = x.row_words / 4;
  int lane = tid % 32;
  int share_rows = (shape.tile_rows + kWarps - 1) / kWarps;
  int first_own = warp * share_rows;
  int own = max(0, min(share_rows, shape.tile_rows - first_own));  // tile rows of this warp
  int tile_row = min(first_own + lane, shape.tile_rows - 1);
  SortedRow next = shape.order[min(begin + tile_row, end - 1)];
  // Lanes that bring one row together: a power of two, so that nothing is divided.
  int row_shift = pieces > 16 ? 5 : pieces > 8 ? 4 : pieces > 4 ? 3 : 2;
  int first_piece = lane & ((1 << row_shift) - 1);
  int row_step = 32 >> row_shift;
  size_t row_bytes = (size_t)x.row_words * 4;
  const unsigned char* piece_rows = (const unsigned char*)x.rows + first_piece * 16;
  int padded_own = (own + 7) / 8 * 8;
  int parity = 0;
  __syncthreads();  // the group's centroids are there
  for (u32 first = begin; first < end; first += shape.tile_rows, parity ^= 1) {
    int count = min((u32)shape.tile_rows, end - first);
    SortedRow sorted = next;
    int row = sorted.row;
    bool mine = lane < own && tile_row < count;
    if (with_sums || kSums != kTensor) {
      __syncthreads();  // the last tile's sums are done
    } else {
      __syncwarp();  // no warp reads another's rows
    }
    if (lane < own) {
      s.row[tile_row] = row;
    }
    u32 to = smem_address(s_rows) + (first_own + (lane >> row_shift)) * shape.row_stride +
             first_piece * 16;
    if (pieces <= 32) {
#pragma unroll 4
      for (int r = lane >> row_shift; r < padded_own; r += row_step) {
        const unsigned char* from = piece_rows + __shfl_sync(~0u, row, r) * row_bytes;
        if (r < own && first_piece < pieces) {
          copy_16(to, from);
        }
        to += row_step * shape.row_stride;
      }
    } else {
      for (int r = 0; r < own; r++) {
        const unsigned char* from = piece_rows + __shfl_sync(~0u, row, r) * row_bytes;
        for (int piece = 0; piece + lane < pieces; piece += 32) {
          copy_16(to + piece * 16, from + piece * 16);
        }
        to += shape.row_stride;
      }
    }
    asm volatile("cp.async.commit_group;");
    // While the tile comes: what its rows need later, and which rows the next tile has.
    float other_group = sorted.second;
    float residual = sorted.residual;
    float norm_squared = sorted.norm;
    int previous = mine && results.previous != nullptr
                       ? results.previous[row] + results.first_cluster
                       : -1;
    next = shape.order[min(first + shape.tile_rows + tile_row, end - 1)];
    asm volatile("cp.async.wait_group 0;");
    __syncwarp();
    if (own > 0) {
      choose<T>(s_rows, first_own, own, x, c, s_screen, shape.row_stride, group, s);
    }
    __syncwarp();
    int winner = kGroup;
    if (mine) {
      int b = s.best[tile_row];
      const unsigned char* at = s_rows + tile_row * shape.row_stride;
      double distance = kFast ? measure<T>(at, x.row_words, s_centroids + b * (stride + 2))
                              : measure<T>(at, x.row_words, group_centroids + b * stride);
      float threshold = score_threshold(distance, norm_squared, residual, c.bounds, x.frame);
      float runner_up = fmaxf(s.second[tile_row], other_group);
      if (runner_up < threshold) {
        winner = b;
        int cluster = group * kGroup + b;
        if (previous != cluster) {
          atomicAdd(&s.moved, 1u);
          if (moves.rows != nullptr) {
            moves.add(row, previous);
          }
        }
        results.assignments[row] = cluster - results.first_cluster;
        if (results.distances != nullptr) {
          results.distances[row] = distance;
        }
        u64 weight = 1;
        if (!kFast && x.weights != nullptr) {
          weight = x.weights[row];
          atomicAdd(totals.counts + cluster, weight);
        }
        cost_digits(distance, weight, totals.cost_exponent,
                    [&](int digit, u32 value) { atomicAdd(&s.cost[warp][b][digit], value); });
      } else {
        u32 entry = atomicAdd(undecided.count, 1u);
        undecided.start(candidates, entry, row);
        const Screened& found = shape.found;
        if (other_group < threshold) {
          add_candidates(candidates, entry, candidates_of(group, kWholeGroup));
        } else if (found.runner_ups != nullptr && found.thirds[row] < threshold) {
          add_candidates(candidates, entry, candidates_of(group, kWholeGroup));
          add_candidates(candidates, entry, candidates_of(found.runner_ups[row], kWholeGroup));
        } else if (undecided.collect_count == nullptr) {
          give_up(candidates, entry);
        } else {
          undecided.collect(entry, row, threshold);
        }
      }
    }
    add_norms(mine ? norm_squared : 0, mine ? residual : 0, s);
    if constexpr (kSums == kTensor) {
      if (winner < kGroup) {
        atomicAdd(&s.counts[winner], 1u);
      }
      if (!with_sums) {
        continue;
      }
      if (lane < own) {
        s.one_hot[tile_row] = one_hot_row(winner);
      }
      __syncthreads();
      for (int window = 0; window < x.row_words * 4; window += kWindowBytes) {
        sum_tile<T>(smem_address(s_rows), window, shape, x.row_words * 4, s, parts);
        if (!one_window) {
          flush_tile<T>(totals, c, group, window, parts);
        }
      }
      continue;
    }
    // Threads without a row go behind those with one: 128 places for 128 threads.
    sort_tile(winner, tile_row * shape.row_stride, parity, s);
    if (tid < kGroup) {
      s.counts[tid] += s.first[tid + 1] - s.first[tid];
    }
    if (with_sums && kSums == kGeneral) {
      sum_general<T>(s_rows, x, c, totals, group, shape.row_stride, s);
    }
    if constexpr (kSums == kDouble) {
      if (with_sums) {
        sums.add_tile(s_rows, x.row_words, c, totals, group, s);
      }
    }
  }
  __syncthreads();
  if constexpr (kSums == kTensor) {
    if (with_sums && one_window) {
      flush_tile<T>(totals, c, group, 0, parts);
    }
  }
  if constexpr (kSums == kDouble) {
    if (with_sums) {
      sums.finish(c, totals, group);
    }
  }
  for (int i = tid; i < kGroup * kCostDigits; i += kDecideThreads) {
    u64 digit = 0;
    for (int w = 0; w < kWarps; w++) {
      digit += s.cost[w][i / kCostDigits][i % kCostDigits];
    }
    if (digit != 0) {
      atomicAdd(totals.cost_digits + (size_t)group * kGroup * kCostDigits + i, digit);
    }
  }
  if (tid < kGroup && s.counts[tid] != 0 && x.weights == nullptr) {
    atomicAdd(totals.counts + group * kGroup + tid, (u64)s.counts[tid]);
  }
  if (tid == 0) {
    if (s.moved != 0) {
      atomicAdd(totals.moved, (u64)s.moved);
    }
    atomicAdd(&c.row_norms->norm_squares, (double)s.norm_squares);
    atomicAdd(&c.row_norms->residual_squares, (double)s.residual_squares);
    atomicAdd(&c.row_norms->rows, (double)(end - begin));
  }
}

#define DECIDE_AND_SUM(name, type, sums)                                                          \
  extern "C" __global__ void __launch_bounds__(kDecideThreads, 4)                                 \
      name(ChunkRows x, CentroidSet c, DecideShape shape, RowResults results, Totals totals,      \
           Undecided undecided, Candidates candidates, Moves moves) {                             \
    FROM_SM80(decide_and_sum<type, sums>(x, c, shape, results, totals, undecided, candidates,     \
                                         moves));                                                 \
  }
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
                                                    const Candidates& candidates, Moves moves,
                                                    const Problems& many) {
  if (blockIdx.x >= shape.item_starts[shape.group_count]) {
    return;
  }
  int index = many.of_cluster(shape.item_groups[blockIdx.x] * kGroup);
  many.focus(index, x, results, totals, moves);
  c.bounds = many.bounds + index;
  c.row_norms = many.all[index].row_norms;
  shape.split_high = many.all[index].split_high;
  shape.split_low = many.all[index].split_low;
  decide_and_sum<T, kSums>(x, c, shape, results, totals, undecided, candidates, moves);
}

#define DECIDE_AND_SUM_MANY(name, type, sums)                                                     \
  extern "C" __global__ void __launch_bounds__(kDecideThreads, 4)                                 \
      name(ChunkRows x, CentroidSet c, DecideShape shape, RowResults results, Totals totals,      \
           Undecided undecided, Candidates candidates, Moves moves, Problems many) {              \
    FROM_SM80(decide_and_sum_many<type, sums>(x, c, shape, results, totals, undecided,            \
                                              candidates, moves, many));                          \
  }
DECIDE_AND_SUM_MANY(decide_and_sum_many_float32, Float32, kDouble)
DECIDE_AND_SUM_MANY(decide_and_sum_many_float16, Float16, kTensor)
DECIDE_AND_SUM_MANY(decide_and_sum_many_uint8, Uint8, kTensor)
DECIDE_AND_SUM_MANY(decide_and_sum_many_int8, Int8, kTensor)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_float32, Float32, kGeneral)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_float16, Float16, kGeneral)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_uint8, Uint8, kGeneral)
DECIDE_AND_SUM_MANY(decide_and_sum_many_general_int8, Int8, kGeneral)

}  // namespace flashlloyd
