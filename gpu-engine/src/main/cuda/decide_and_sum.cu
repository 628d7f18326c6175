// Refine and Sort-Inverse Update in one pass: each row is loaded once.
//
// A CTA takes a work item, up to item_rows rows of one group, in tiles of `tile_rows`:
//   gather   the tile's rows, through `order`, to shared memory (cp.async, 16 bytes a thread); each
//            warp brings its own quarter of the tile and goes on alone until `sort`
//   choose   x~ . c~ of the group's 8 centroids on the tensor cores: winner b, runner-up's score
//   decide   one thread a row: D(x, b) in float64, ||x'||^2, threshold (error_bound.cuh). If a score
//            outside the group (the screen's) or inside reaches it, the row goes to `undecided`
//   sort     the tile's rows by winner (ballots, no memory traffic)
//   sum      one thread a 4-byte word of the row and a share of the rows: int64 in registers
//            for each of the 8 centroids, one global addition for all rows of the item
// kFast: unweighted, one limb, |quantized| < 2^50, centroids as float64 in shared memory. The other
// instance takes weights, two limbs and any dimension, adding to global memory tile by tile.
//
// shared memory: rows [tile_rows x row_stride bytes], the group's float16 columns [8 x screen_stride],
// kFast: its centroids [8 x (padded + 2)] float64.
// A row's stride is an odd number of 16-byte pieces, so 8 threads reading 8 rows meet no conflict.
#include "decide_tile.cuh"
#include "kernels.cuh"

namespace flashlloyd {

template <class T, bool kFast>
__device__ void decide_and_sum(const ChunkRows& x, const CentroidSet& c, const DecideShape& shape,
                               const RowResults& results, const Totals& totals,
                               const Undecided& undecided) {
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
  if (tid == 0) {
    s.moved = 0;
    s.norm_squares = 0;
    s.residual_squares = 0;
  }
  int shares = max(1, kDecideThreads / x.row_words);
  int word = tid % x.row_words;
  int share = tid / x.row_words;
  u64 acc[kGroup][T::kPerWord] = {};
  double scale[T::kPerWord] = {};
  bool one_pass = x.row_words <= kDecideThreads;
  if (kFast && totals.low != nullptr && one_pass) {
    for (int v = 0; v < T::kPerWord; v++) {
      int t = word * T::kPerWord + v;
      scale[v] = t < c.dimension ? totals.scales[t] * kMagicScale : 0;
    }
  }
  int pieces = x.row_words / 4;
  int lane = tid % 32;
  int share_rows = (shape.tile_rows + kWarps - 1) / kWarps;
  int first_own = warp * share_rows;
  int own = max(0, min(share_rows, shape.tile_rows - first_own));  // tile rows of this warp
  int tile_row = min(first_own + lane, shape.tile_rows - 1);
  int next_row = shape.order[min(begin + tile_row, end - 1)];
  int after_row = shape.order[min(begin + shape.tile_rows + tile_row, end - 1)];
  // Lanes that bring one row together: a power of two, so that nothing is divided.
  int row_shift = pieces > 16 ? 5 : pieces > 8 ? 4 : pieces > 4 ? 3 : 2;
  int first_piece = lane & ((1 << row_shift) - 1);
  int row_step = 32 >> row_shift;
  size_t row_bytes = (size_t)x.row_words * 4;
  const unsigned char* piece_rows = (const unsigned char*)x.rows + first_piece * 16;
  int padded_own = (own + 7) / 8 * 8;
  int parity = 0;
  for (u32 first = begin; first < end; first += shape.tile_rows, parity ^= 1) {
    int count = min((u32)shape.tile_rows, end - first);
    int row = next_row;
    bool mine = lane < own && tile_row < count;
    __syncthreads();  // the last tile's sums are done
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
    // While the tile comes: what its rows need later, and the next tile on its way into L2.
    float other_group = 0;
    float residual = 0;
    int previous = -1;
    if (mine) {
      other_group = shape.seconds[row];
      residual = x.residuals == nullptr ? 0 : x.residuals[row];
      previous = results.previous == nullptr ? -1 : results.previous[row];
    }
    next_row = after_row;
    if (first + shape.tile_rows < end && lane < own) {
      const unsigned char* next = (const unsigned char*)x.rows + next_row * row_bytes;
      for (int at = 0; at < x.row_words * 4; at += 128) {
        asm volatile("prefetch.global.L2 [%0];" ::"l"(next + at));
      }
    }
    after_row = shape.order[min(first + 2 * shape.tile_rows + tile_row, end - 1)];
    asm volatile("cp.async.wait_group 0;");
    __syncwarp();
    if (own > 0) {
      choose<T>(s_rows, first_own, own, x, c, s_screen, shape.row_stride, group, s);
    }
    __syncwarp();
    int winner = kGroup;
    float norm_squared = 0;
    if (mine) {
      int b = s.best[tile_row];
      double distance = measure<T, kFast>(s_rows + tile_row * shape.row_stride, x,
                                          group_centroids + b * stride,
                                          s_centroids + b * (stride + 2), norm_squared);
      float threshold = score_threshold(distance, norm_squared, residual, c.bounds, x.frame);
      float runner_up = fmaxf(s.second[tile_row], other_group);
      if (runner_up < threshold) {
        winner = b;
        int cluster = group * kGroup + b;
        if (previous != cluster) {
          atomicAdd(&s.moved, 1u);
        }
        results.assignments[row] = cluster;
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
        u32 at = atomicAdd(undecided.count, 1u);
        undecided.rows[at] = row;
        undecided.thresholds[at] = threshold;
      }
    }
    add_norms(norm_squared, residual, s);
    // Threads without a row go behind those with one: 128 places for 128 threads.
    sort_tile(winner, tile_row * shape.row_stride, parity, s);
    if (tid < kGroup) {
      s.counts[tid] += s.first[tid + 1] - s.first[tid];
    }
    if (totals.low == nullptr) {
      continue;
    }
    if (!kFast) {
      sum_general<T>(s_rows, x, c, totals, group, shape.row_stride, s);
    } else if (one_pass) {
      if (share < shares) {
        sum_words<T>(s_rows, word, share, shares, scale, s, acc);
      }
    } else {
      for (int w = tid; w < x.row_words; w += kDecideThreads) {
        for (int v = 0; v < T::kPerWord; v++) {
          int t = w * T::kPerWord + v;
          scale[v] = t < c.dimension ? totals.scales[t] * kMagicScale : 0;
        }
        sum_words<T>(s_rows, w, 0, 1, scale, s, acc);
        flush<T>(totals, c, group, w, acc);
      }
    }
  }
  __syncthreads();
  if (kFast && totals.low != nullptr && one_pass && share < shares) {
    flush<T>(totals, c, group, word, acc);
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

#define DECIDE_AND_SUM(name, type, fast)                                                          \
  extern "C" __global__ void __launch_bounds__(kDecideThreads, type::kBytes == 1 ? 3 : 4)         \
      name(ChunkRows x, CentroidSet c, DecideShape shape, RowResults results, Totals totals,      \
           Undecided undecided) {                                                                 \
    FROM_SM80(decide_and_sum<type, fast>(x, c, shape, results, totals, undecided));               \
  }
DECIDE_AND_SUM(decide_and_sum_float32, Float32, true)
DECIDE_AND_SUM(decide_and_sum_float16, Float16, true)
DECIDE_AND_SUM(decide_and_sum_uint8, Uint8, true)
DECIDE_AND_SUM(decide_and_sum_int8, Int8, true)
DECIDE_AND_SUM(decide_and_sum_general_float32, Float32, false)
DECIDE_AND_SUM(decide_and_sum_general_float16, Float16, false)
DECIDE_AND_SUM(decide_and_sum_general_uint8, Uint8, false)
DECIDE_AND_SUM(decide_and_sum_general_int8, Int8, false)

}  // namespace flashlloyd
