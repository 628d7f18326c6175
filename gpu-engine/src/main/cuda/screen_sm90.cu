// The screen on Hopper, dimension <= 128: wgmma with the rows in registers.
//
//              128 centroids, 4 stages        warpgroup 0   one thread brings centroid tiles: one
//            +------------------------+                     bulk copy of the image, one of the half
//  256 rows  |        x~ . c~         |                     norms, completing on an mbarrier
//            +------------------------+       warpgroups 1, 2   128 rows each as 2 x m64
//
// A CTA for each SM goes through row tiles (persistent); a consumer loads its rows once for all
// centroids, straight into A fragments (layout.cuh), issues the wgmmas of both its halves, and does
// the first half's epilogue while the second half runs. No wgmma is in flight across the loop's back
// edge, or ptxas serializes them all (warning C7514).
//
//   shared memory  4 x (slices x 16 KiB images + 512 B half norms) + 8 barriers
//   registers      64 (rows, d = 128) + 128 (accumulators) + state, of 240
//   out            as screen_portable.cu; tie and bound: error_bound.cuh; test: CudaEngineIT
#include "kernels.cuh"
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "ptx_sm90.cuh"
#endif

namespace flashlloyd {

constexpr int kHopperRows = 256;
constexpr int kHopperStages = 4;
constexpr int kHopperThreads = 384;
constexpr int kHalfNormBytes = kTileCentroids * 4;

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

struct HopperShared {
  u32 images;
  const float* half_norms;
  u32 half_norm_address;
  u32 full;
  u32 empty;
};

// The work of a CTA: units of (row tile, part of the centroid tiles), every gridDim.x-th.
struct HopperWork {
  static constexpr bool kTwo = false;
  const ScreenRows& x;
  int n;
  int units;
  int parts;
  int tiles;

  __device__ __forceinline__ int first_tile(int unit) const {
    return (int)((long long)tiles * (unit % parts) / parts);
  }
  __device__ __forceinline__ int end_tile(int unit) const {
    return (int)((long long)tiles * (unit % parts + 1) / parts);
  }
  __device__ __forceinline__ int base(int unit) const { return unit / parts * kHopperRows; }
  __device__ __forceinline__ int end_row(int) const { return n; }
  __device__ __forceinline__ const __half* row(int, int at) const {
    return x.rows + (size_t)(x.list == nullptr ? at : x.list[at]) * x.stride;
  }
  __device__ __forceinline__ int no_group() const { return -1; }
};

// The same of many problems: a unit is a row tile and all centroids of its problem. No second screen
// follows, which would need its rows by problem: this one says which two groups are best.
struct HopperWorkOfMany {
  static constexpr bool kTwo = true;
  const Problems& many;
  int stride;
  int units;

  __device__ __forceinline__ const Problem& problem(int unit) const {
    return many.all[many.row_tiles[unit]];
  }
  __device__ __forceinline__ int first_tile(int unit) const { return problem(unit).first_tile; }
  __device__ __forceinline__ int end_tile(int unit) const { return problem(unit).end_tile(); }
  __device__ __forceinline__ int base(int unit) const { return unit * kHopperRows; }
  __device__ __forceinline__ int end_row(int unit) const { return problem(unit).end_row; }
  __device__ __forceinline__ const __half* row(int unit, int at) const {
    return problem(unit).screen + (size_t)at * stride;
  }
  // Of places that have no row: the group behind all others.
  __device__ __forceinline__ int no_group() const { return many.tiles * kGroupsPerTile; }
};
static_assert(kHopperRows == kPlacesPerTile, "a tile of rows is of one problem");

template <int kSlices, class Work>
static __device__ __forceinline__ void produce(const HopperShared& s, const unsigned char* images,
                                               const float* half_norms, const Work& work) {
  constexpr u32 kBytes = kSlices * kSliceBytes;
  u32 fill = 0;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    int end = work.end_tile(unit);
    for (int tile = work.first_tile(unit); tile < end; tile++, fill++) {
      u32 stage = fill % kHopperStages;
      u32 round = fill / kHopperStages;
      if (round > 0) {
        barrier_wait(s.empty + stage * 8, (round - 1) & 1);
      }
      u32 full = s.full + stage * 8;
      barrier_expect(full, kBytes + kHalfNormBytes);
      bulk_copy(s.images + stage * kBytes, images + (size_t)tile * kBytes, kBytes, full);
      bulk_copy(s.half_norm_address + stage * kHalfNormBytes, half_norms + tile * kTileCentroids,
                kHalfNormBytes, full);
    }
  }
}

// A fragments of 16 rows (this warp's) x 16 kSteps columns.
template <int kSteps>
static __device__ __forceinline__ void load_fragments(u32 a[kSteps][4], const __half* top,
                                                      const __half* bottom, int stride) {
#pragma unroll
  for (int i = 0; i < kSteps / 2; i++) {
    int at = i * 32 + threadIdx.x % 4 * 8;
    uint4 zero = make_uint4(0, 0, 0, 0);
    uint4 t = at < stride ? __ldg((const uint4*)(top + at)) : zero;
    uint4 b = at < stride ? __ldg((const uint4*)(bottom + at)) : zero;
    a[i * 2][0] = t.x, a[i * 2][1] = b.x, a[i * 2][2] = t.y, a[i * 2][3] = b.y;
    a[i * 2 + 1][0] = t.z, a[i * 2 + 1][1] = b.z, a[i * 2 + 1][2] = t.w, a[i * 2 + 1][3] = b.w;
  }
}

template <int kSteps>
static __device__ __forceinline__ void multiply(float acc[64], const u32 a[kSteps][4], u32 image) {
#pragma unroll
  for (int k = 0; k < kSteps; k++) {
    wgmma_m64n128k16(acc, a[k],
                     swizzled_operand(image + k / 4 * kSliceBytes + k % 4 * 32), k > 0);
  }
  wgmma_commit();
}

template <bool kTwo>
struct HopperRow {
  Runner<kTwo> runner;
  float threshold;
  int entry;
};

template <bool kCollect, bool kTwo>
static __device__ __forceinline__ void epilogue(const float acc[64], const float* h, int tile,
                                                HopperRow<kTwo> rows[2], const Collected& listed,
                                                const Candidates& out) {
  int quad = threadIdx.x % 4;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const float4* group_h = (const float4*)(h + (i * 4 + quad) * kGroup);
    float4 h0 = group_h[0];
    float4 h1 = group_h[1];
    int group = tile * kGroupsPerTile + i * 4 + quad;
#pragma unroll
    for (int r = 0; r < 2; r++) {
      float score = group_best(acc + i * 16 + r * 2, h0, h1);
      if (kCollect) {
        if (score >= rows[r].threshold) {
          add_candidate(out, listed.entries[rows[r].entry], group);
        }
      } else {
        rows[r].runner.see(score, group);
      }
    }
  }
}

template <int kSteps, bool kCollect, class Work>
static __device__ __forceinline__ void consume(const HopperShared& s, int stride, const Work& work,
                                               const Screened& found, const Collected& listed,
                                               const Candidates& out) {
  constexpr u32 kBytes = (kSteps + 3) / 4 * kSliceBytes;
  int lane = threadIdx.x % 32;
  int first_row = (threadIdx.x / 128 - 1) * 128 + threadIdx.x % 128 / 32 * 16 + lane / 4;
  u32 fill = 0;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    int base = work.base(unit);
    int end = work.end_tile(unit);
    int n = work.end_row(unit);
    HopperRow<Work::kTwo> rows[2][2];
    u32 a[2][kSteps][4];
#pragma unroll
    for (int m = 0; m < 2; m++) {
      const __half* from[2];
#pragma unroll
      for (int r = 0; r < 2; r++) {
        HopperRow<Work::kTwo>& row = rows[m][r];
        row.entry = base + first_row + m * 64 + r * 8;
        int at = min(row.entry, n - 1);
        from[r] = work.row(unit, at);
        row.runner.clear();
        row.threshold = __int_as_float(0x7f800000);
        if (kCollect && row.entry < n) {
          row.threshold = listed.thresholds[at];
        }
      }
      load_fragments<kSteps>(a[m], from[0], from[1], stride);
    }
    for (int tile = work.first_tile(unit); tile < end; tile++, fill++) {
      u32 stage = fill % kHopperStages;
      u32 image = s.images + stage * kBytes;
      const float* h = s.half_norms + stage * kTileCentroids;
      float acc0[64];
      float acc1[64];
      barrier_wait(s.full + stage * 8, fill / kHopperStages & 1);
      wgmma_fence();
      multiply<kSteps>(acc0, a[0], image);
      multiply<kSteps>(acc1, a[1], image);
      wgmma_wait<1>();
      epilogue<kCollect, Work::kTwo>(acc0, h, tile, rows[0], listed, out);
      wgmma_wait<0>();
      epilogue<kCollect, Work::kTwo>(acc1, h, tile, rows[1], listed, out);
      __syncwarp();
      if (lane == 0) {
        barrier_arrive(s.empty + stage * 8);
      }
    }
    if (!kCollect) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        HopperRow<Work::kTwo>& row = rows[i / 2][i % 2];
        row.runner.merge_quad();
        if (lane % 4 == 0 && row.entry < n) {
          found.write(row.entry, row.runner);
        } else if (Work::kTwo && lane % 4 == 0) {
          found.groups[row.entry] = work.no_group();
        }
      }
    }
  }
}

template <int kSteps, bool kCollect, class Work>
static __device__ __forceinline__ void go_through(const Work& work, int stride,
                                                  const unsigned char* images, const float* half_norms,
                                                  const Screened& found, const Collected& listed,
                                                  const Candidates& out) {
  constexpr int kSlices = (kSteps + 3) / 4;
  extern __shared__ __align__(1024) unsigned char s_memory[];
  __shared__ __align__(8) u64 s_barriers[2 * kHopperStages];
  float* s_half_norms = (float*)(s_memory + kHopperStages * kSlices * kSliceBytes);
  HopperShared s = {smem_address(s_memory), s_half_norms, smem_address(s_half_norms),
                    smem_address(s_barriers), smem_address(s_barriers + kHopperStages)};
  if (threadIdx.x == 0) {
    for (int i = 0; i < kHopperStages; i++) {
      barrier_init(s.full + i * 8, 1);
      barrier_init(s.empty + i * 8, 8);
    }
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 24;");
    if (threadIdx.x == 0) {
      produce<kSlices>(s, images, half_norms, work);
    }
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 240;");
    consume<kSteps, kCollect>(s, stride, work, found, listed, out);
  }
}

template <int kSteps, bool kCollect>
static __device__ __forceinline__ void screen_sm90(const ScreenRows& x, const unsigned char* images,
                                                   const float* half_norms, int tiles,
                                                   const Screened& found, const Collected& listed,
                                                   const Candidates& out) {
  int n = x.list == nullptr ? x.n : (int)*x.count;
  int row_tiles = (n + kHopperRows - 1) / kHopperRows;
  int parts = kCollect ? centroid_parts(row_tiles, tiles) : 1;
  HopperWork work = {x, n, row_tiles * parts, parts, tiles};
  go_through<kSteps, kCollect>(work, x.stride, images, half_norms, found, listed, out);
}

#define SCREEN_SM90(steps)                                                                        \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_best_##steps(ScreenRows x, const unsigned char* images,                         \
                               const float* half_norms, int tiles, Screened found) {              \
    screen_sm90<steps, false>(x, images, half_norms, tiles, found, Collected{}, Candidates{});    \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_collect_##steps(ScreenRows x, const unsigned char* images,                      \
                                  const float* half_norms, int tiles, Collected listed,           \
                                  Candidates out) {                                               \
    screen_sm90<steps, true>(x, images, half_norms, tiles, Screened{}, listed, out);              \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(kHopperThreads, 1)                                 \
      screen_sm90_many_##steps(Problems many, int stride, const unsigned char* images,            \
                               const float* half_norms, Screened found) {                         \
    HopperWorkOfMany work = {many, stride, many.places / kHopperRows};                            \
    go_through<steps, false>(work, stride, images, half_norms, found, Collected{}, Candidates{}); \
  }
SCREEN_SM90(2)
SCREEN_SM90(4)
SCREEN_SM90(6)
SCREEN_SM90(8)

#endif

}  // namespace flashlloyd
