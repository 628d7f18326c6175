// The screen on Hopper that names each row's nearest centroid (screen_sm90.cuh), dimension <= 128; wider rows
// leave no registers for it.
//
// A score is what the accumulator holds, which began at the start of its centroid (layout.cuh): nothing is
// subtracted, and so there is time to know every column's part in the best score and not only its group's. Who
// decides the row need not choose among 8 centroids then, or need not look at it at all.
//
//   in    starts, bounds->offset (prepare_centroids.cu); bound: error_bound.cuh
//   out   nearest, seconds, bests where they are asked for; tests: CudaEngineIT, OnlyAssignIT
#include "screen_sm90.cuh"

namespace flashlloyd {

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// What one thread knows of one row: over all tiles the best
// score of each of the 8 places in a group and of each of the 4 groups of a tile that the thread holds, and
// the tile that has the best. Where the three meet is the best centroid b. Any other differs from b in its
// tile, its group of the tile or its place, and so has at most the largest of the three runners-up's
// scores: `second`. The same holds for whatever b the three name where several are best; `second` is the best
// score then, so that b is not certain. It may be any centroid, or padding, which is infinitely far away.
//
// Scores are compared as integers, three at a time (VIMNMX3): float32 from zero up are in the same order,
// those below zero are negative integers. All begin at zero, so that what is below counts as zero; the
// offset in the starts (layout.cuh) lifts the scores that matter above it.
struct NearestRunner {
  int best;
  int second;
  int tile;
  int groups[4];
  int places[kGroup];
  int nearest;

  __device__ __forceinline__ void clear() {
    best = second = tile = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      groups[i] = 0;
    }
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
      places[j] = 0;
    }
  }
  // acc: the scores of tile t, from the thread's first value of the row on (0 or 2).
  __device__ __forceinline__ void see(const float* acc, int t) {
    int of[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      int s[kGroup];
#pragma unroll
      for (int j = 0; j < kGroup; j++) {
        s[j] = __float_as_int(acc[i * 16 + j / 2 * 4 + j % 2]);
      }
      of[i] = max(__vimax3_s32(__vimax3_s32(s[0], s[1], s[2]), s[3], s[4]), __vimax3_s32(s[5], s[6], s[7]));
      groups[i] = max(groups[i], of[i]);
    }
#pragma unroll
    for (int j = 0; j < kGroup; j++) {
      const float* s = acc + j / 2 * 4 + j % 2;
      places[j] = __vimax3_s32(places[j], __float_as_int(s[0]), __float_as_int(s[16]));
      places[j] = __vimax3_s32(places[j], __float_as_int(s[32]), __float_as_int(s[48]));
    }
    int top = max(__vimax3_s32(of[0], of[1], of[2]), of[3]);
    second = max(second, min(best, top));
    tile = top > best ? t : tile;
    best = max(best, top);
  }
  // The largest of `all` and where it stands, the first of equals; the next to the seconds.
  template <int kCount>
  __device__ __forceinline__ int first_of(const int* all) {
    int top = all[0];
    int at = 0;
#pragma unroll
    for (int i = 1; i < kCount; i++) {
      second = max(second, min(top, all[i]));
      at = all[i] > top ? i : at;
      top = max(top, all[i]);
    }
    return at;
  }
  // After the last tile. The four lanes of a quad hold one row, each its own groups.
  __device__ __forceinline__ void finish() {
    int group = tile * kGroupsPerTile + first_of<4>(groups) * 4 + threadIdx.x % 4;
    nearest = group * kGroup + first_of<kGroup>(places);
#pragma unroll
    for (int offset = 1; offset <= 2; offset <<= 1) {
      int other_best = __shfl_xor_sync(~0u, best, offset);
      int other_second = __shfl_xor_sync(~0u, second, offset);
      int other_nearest = __shfl_xor_sync(~0u, nearest, offset);
      second = __vimax3_s32(second, other_second, min(best, other_best));
      nearest = other_best > best ? other_nearest : nearest;
      best = max(best, other_best);
    }
  }
};

// Where no score is above zero nothing is known of any.
static __device__ __forceinline__ void write(const Screened& found, size_t at, const NearestRunner& row,
                                             float offset) {
  found.nearest[at] = row.nearest;
  found.seconds[at] = row.best > 0 ? __fadd_ru(__int_as_float(row.second), -offset)
                                   : __int_as_float(0x7f800000);
  if (found.bests != nullptr) {
    found.bests[at] = __fadd_rd(__int_as_float(row.best), -offset);
  }
}

template <int kSteps, bool kBytes>
static __device__ __forceinline__ void consume_nearest(const HopperShared& s, int stride, int kind,
                                                       const Work<kHopperRows>& work, float offset,
                                                       const Screened& found) {
  using Shape = HopperShape<kSteps>;
  int lane = threadIdx.x % 32;
  int first_row = (threadIdx.x / 32 - 4) * 16 + lane / 4;
  u32 fill = 0;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    int row = work.base(unit) + first_row;
    NearestRunner runner[2];
    runner[0].clear();
    runner[1].clear();
    u32 a[kSteps][4];
    load_fragments<kSteps, kBytes>(a, work.row(unit, min(row, work.n - 1)),
                                   work.row(unit, min(row + 8, work.n - 1)), stride, kind);
    for (int tile = 0; tile < work.tiles; tile++, fill++) {
      u32 stage = fill % Shape::kStages;
      const float2* starts = (const float2*)(s.norms + stage * kTileCentroids) + lane % 4;
      float acc[64];
      barrier_wait(s.full + stage * 8, fill / Shape::kStages & 1);
#pragma unroll
      for (int j = 0; j < 16; j++) {
        // Of both rows: loading each its own takes as much of shared memory as the tensor cores do.
        float2 start = starts[j * 4];
        acc[j * 4] = acc[j * 4 + 2] = start.x;
        acc[j * 4 + 1] = acc[j * 4 + 3] = start.y;
      }
      multiply<kSteps, true>(acc, a, s.images + stage * Shape::kBytes);
      runner[0].see(acc, tile);
      runner[1].see(acc + 2, tile);
      __syncwarp();
      if (lane == 0) {
        barrier_arrive(s.empty + stage * 8);
      }
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
      runner[r].finish();
      if (lane % 4 == 0 && row + r * 8 < work.n) {
        write(found, work.place(row + r * 8), runner[r], offset);
      }
    }
  }
}

#define NEAREST_SM90(steps)                                                                       \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_nearest_##steps(ScreenRows x, const unsigned char* images, const float* starts, \
                                  int tiles, const CentroidBounds* bounds, Screened found) {      \
    Work<kHopperRows> work = work_on<kHopperRows, false>(x, tiles);                               \
    go_through<steps, 1>(                                                                         \
        work, x.stride, x.kind, images, starts, [&](const HopperShared& s, auto bytes) {          \
          consume_nearest<steps, decltype(bytes)::value>(s, x.stride, x.kind, work,               \
                                                         bounds->offset, found);                  \
        });                                                                                       \
  }
NEAREST_SM90(2)
NEAREST_SM90(4)
NEAREST_SM90(6)
NEAREST_SM90(7)  // 100 columns
NEAREST_SM90(8)

#endif

}  // namespace flashlloyd
