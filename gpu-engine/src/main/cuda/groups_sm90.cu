// The screen of groups on Hopper (screen_sm90.cuh), for dimensions that leave no registers to name centroids
// and for many problems: of each row the two best groups of 8 centroids and the best score elsewhere. And for
// all dimensions: all candidates of listed rows.
//
//   out   as screen_portable.cu; tie and bound: error_bound.cuh; test: CudaEngineIT
#include "screen_sm90.cuh"

namespace flashlloyd {

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

struct HopperRow {
  Runner runner;
  float threshold;
  int entry;
};

template <bool kCollect>
static __device__ __forceinline__ void epilogue(const HopperShared& s, const float acc[64],
                                                const float* h, int tile, HopperRow rows[2],
                                                const Collected& listed, const Candidates& out) {
  int quad = threadIdx.x % 4;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const float4* group_h = (const float4*)(h + (i * 4 + quad) * kGroup);
    float4 h0 = group_h[0];
    float4 h1 = group_h[1];
    int group = tile * kGroupsPerTile + i * 4 + quad;
#pragma unroll
    for (int r = 0; r < 2; r++) {
      const float* scores = acc + i * 16 + r * 2;
      float score = group_best(scores, h0, h1);
      if (!kCollect) {
        rows[r].runner.see(score, group);
      } else if (score >= rows[r].threshold) {
        int entry = listed.entries[rows[r].entry];
        int found = candidates_of(group, group_mask(scores, h0, h1, rows[r].threshold));
        u32 at = atomicAdd(s.hit_count, 1u);
        if (at < kWarpHits) {
          s.hits->pairs[at] = make_int2(entry, found);
        } else {
          add_candidates(out, entry, found);
        }
      }
    }
  }
}

// The warp's hits to global memory.
static __device__ __forceinline__ void empty_hits(const HopperShared& s, const Candidates& out) {
  __syncwarp();
  u32 count = min(*s.hit_count, (u32)kWarpHits);
  for (u32 i = threadIdx.x % 32; i < count; i += 32) {
    add_candidates(out, s.hits->pairs[i].x, s.hits->pairs[i].y);
  }
  __syncwarp();
  if (threadIdx.x % 32 == 0) {
    *s.hit_count = 0;
  }
  __syncwarp();
}

template <int kSteps, bool kCollect, bool kBytes, class W>
static __device__ __forceinline__ void consume(const HopperShared& s, int stride, int kind,
                                               const W& work, const Screened& found,
                                               const Collected& listed, const Candidates& out) {
  using Shape = HopperShape<kSteps>;
  int lane = threadIdx.x % 32;
  int first_row = (threadIdx.x / 32 - 4) * 16 + lane / 4;
  u32 fill = 0;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    int base = work.base(unit);
    int end = work.end_tile(unit);
    int n = work.end_row(unit);
    HopperRow rows[2];
    const unsigned char* from[2];
#pragma unroll
    for (int r = 0; r < 2; r++) {
      HopperRow& row = rows[r];
      row.entry = base + first_row + r * 8;
      int at = min(row.entry, n - 1);
      from[r] = work.row(unit, at);
      row.runner.clear();
      row.threshold = __int_as_float(0x7f800000);
      if (kCollect && row.entry < n) {
        row.threshold = listed.thresholds[at];
      }
    }
    u32 a[kSteps][4];
    load_fragments<kSteps, kBytes>(a, from[0], from[1], stride, kind);
    for (int tile = work.first_tile(unit); tile < end; tile++, fill++) {
      u32 stage = fill % Shape::kStages;
      u32 image = s.images + stage * Shape::kBytes;
      const float* h = s.norms + stage * kTileCentroids;
      float acc[64];
      barrier_wait(s.full + stage * 8, fill / Shape::kStages & 1);
      multiply<kSteps, false>(acc, a, image);
      epilogue<kCollect>(s, acc, h, tile, rows, listed, out);
      __syncwarp();
      if (lane == 0) {
        barrier_arrive(s.empty + stage * 8);
      }
    }
    if (kCollect) {
      empty_hits(s, out);
    } else {
#pragma unroll
      for (int r = 0; r < 2; r++) {
        rows[r].runner.merge_quad();
        if (lane % 4 == 0 && rows[r].entry < n) {
          found.write(work.place(rows[r].entry), rows[r].runner);
        } else if (W::kMany && lane % 4 == 0) {
          found.nearest[rows[r].entry] = work.no_group() * kGroup;
        }
      }
    }
  }
}

template <int kSteps, bool kCollect, class W>
static __device__ __forceinline__ void screen_groups(const W& work, int stride, int kind,
                                                     const unsigned char* images,
                                                     const float* half_norms, const Screened& found,
                                                     const Collected& listed, const Candidates& out) {
  go_through<kSteps, kCollect ? kConsumerWarps : 1>(
      work, stride, kind, images, half_norms, [&](const HopperShared& s, auto bytes) {
        consume<kSteps, kCollect, decltype(bytes)::value>(s, stride, kind, work, found, listed, out);
      });
}

#define GROUPS_SM90(steps)                                                                        \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_groups_##steps(ScreenRows x, const unsigned char* images,                       \
                                 const float* half_norms, int tiles, Screened found) {            \
    screen_groups<steps, false>(work_on<kHopperRows, false>(x, tiles), x.stride, x.kind, images,  \
                                half_norms, found, Collected{}, Candidates{});                    \
  }
GROUPS_SM90(12)
GROUPS_SM90(16)

#define COLLECT_AND_MANY_SM90(steps)                                                              \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_collect_##steps(ScreenRows x, const unsigned char* images,                      \
                                  const float* half_norms, int tiles, Collected listed,           \
                                  Candidates out) {                                               \
    screen_groups<steps, true>(work_on<kHopperRows, true>(x, tiles), x.stride, x.kind, images,    \
                               half_norms, Screened{}, listed, out);                              \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_many_##steps(Problems many, int stride, int kind, const unsigned char* images,  \
                               const float* half_norms, Screened found) {                         \
    screen_groups<steps, false>(work_on<kHopperRows>(many, stride), stride, kind, images,         \
                                half_norms, found, Collected{}, Candidates{});                    \
  }
COLLECT_AND_MANY_SM90(2)
COLLECT_AND_MANY_SM90(4)
COLLECT_AND_MANY_SM90(6)
COLLECT_AND_MANY_SM90(7)  // 100 columns
COLLECT_AND_MANY_SM90(8)
COLLECT_AND_MANY_SM90(12)
COLLECT_AND_MANY_SM90(16)

#endif

}  // namespace flashlloyd
