// The screen on Hopper, dimension <= 256: wgmma with the rows in registers.
//
//              128 centroids, 4 (3) stages    warpgroup 0   one thread brings centroid tiles: one
//            +------------------------+                     bulk copy of the image, one of the half
//  192 rows  |        x~ . c~         |                     norms, completing on an mbarrier
//            +------------------------+       warpgroups 1 to 3   64 rows each
//
// A CTA for each SM goes through row tiles (persistent); a consumer loads its rows once for all
// centroids, straight into A fragments (layout.cuh), and while one does its epilogue the wgmmas of the
// other two run. No wgmma is in flight across the loop's back edge, or ptxas serializes them all
// (warning C7514).
//
//   shared memory  stages x (slices x 16 KiB images + 512 B half norms), hits, barriers
//   registers      64 (rows, d = 256) + 64 (accumulators) + state, of 160
//   out            as screen_portable.cu; tie and bound: error_bound.cuh; test: CudaEngineIT
#include "screen_work.cuh"
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "ptx_sm90.cuh"
#endif

namespace flashlloyd {

constexpr int kHalfNormBytes = kTileCentroids * 4;

constexpr int kConsumers = 3;
constexpr int kConsumerWarps = kConsumers * 4;
constexpr int kHopperRows = kConsumers * 64;
constexpr int kHopperThreads = (1 + kConsumers) * 128;

// For kSteps k-steps of 16 columns. Where there is time for it, beside twice the tensor work of a score,
// the screen tells the runner-up's group.
template <int kSteps>
struct HopperShape {
  static constexpr bool kWide = kSteps > 8;
  static constexpr int kStages = kWide ? 3 : 4;
  static constexpr int kSlices = (kSteps + 3) / 4;
  static constexpr u32 kBytes = kSlices * kSliceBytes;
};

// Candidates of a warp's listed rows wait here until all centroids have been seen: an atomic's way to L2
// and back, for each as it is found, would hold up the tensor cores.
constexpr int kWarpHits = 128;
struct WarpHits {
  int2 pairs[kWarpHits];
};

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

struct HopperShared {
  u32 images;
  const float* half_norms;
  u32 half_norm_address;
  WarpHits* hits;  // of this warp, and how many
  u32* hit_count;
  u32 full;
  u32 empty;
};

// The rows of a unit on their way to L2 while the one before is worked on.
template <class W>
static __device__ __forceinline__ void prefetch_rows(const W& work, int unit, int stride) {
  if (unit < work.units && work.in_order()) {
    int count = min(kHopperRows, work.end_row(unit) - work.base(unit));
    if (count > 0) {
      bulk_prefetch(work.row(unit, work.base(unit)), (u32)(count * stride));
    }
  }
}

template <int kSteps, class W>
static __device__ __forceinline__ void produce(const HopperShared& s, int stride,
                                               const unsigned char* images,
                                               const float* half_norms, const W& work) {
  using Shape = HopperShape<kSteps>;
  constexpr u32 kBytes = Shape::kBytes;
  u32 fill = 0;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    prefetch_rows(work, unit + gridDim.x, stride);
    int end = work.end_tile(unit);
    for (int tile = work.first_tile(unit); tile < end; tile++, fill++) {
      u32 stage = fill % Shape::kStages;
      u32 round = fill / Shape::kStages;
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

// 8 columns of a row from column `at` on, as they are in memory: 16 bytes of halves, 8 of bytes.
static __device__ __forceinline__ uint4 load_columns(const unsigned char* row, int at, int stride) {
  return at * 2 < stride ? __ldg((const uint4*)(row + at * 2)) : make_uint4(0, 0, 0, 0);
}

static __device__ __forceinline__ uint2 load_bytes(const unsigned char* row, int at, int stride) {
  return at < stride ? __ldg((const uint2*)(row + at)) : make_uint2(0, 0);
}

// 0x6400 + byte is the float16 1024 + byte; behind the dimension the centroids are zero.
static __device__ __forceinline__ uint4 halves_of(const uint2 bytes, u32 flip) {
  u32 words[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    u32 pair = __byte_perm((i < 2 ? bytes.x : bytes.y) ^ flip, 0x64646464, i % 2 ? 0x4342 : 0x4140);
    __half2 value = __hsub2(*(__half2*)&pair, __float2half2_rn(1152.0f));
    words[i] = *(u32*)&value;
  }
  return make_uint4(words[0], words[1], words[2], words[3]);
}

template <int kSteps>
static __device__ __forceinline__ void set_fragments(u32 a[kSteps][4], int i, const uint4 t,
                                                     const uint4 b) {
  a[i][0] = t.x, a[i][1] = b.x, a[i][2] = t.y, a[i][3] = b.y;
  if (i + 1 < kSteps) {
    a[i + 1][0] = t.z, a[i + 1][1] = b.z, a[i + 1][2] = t.w, a[i + 1][3] = b.w;
  }
}

// A fragments of 16 rows (this warp's) x 16 kSteps columns. All loads of a row are under way at once: a
// branch for each would wait for each.
template <int kSteps>
static __device__ __forceinline__ void load_fragments(u32 a[kSteps][4], const unsigned char* top,
                                                      const unsigned char* bottom, int stride,
                                                      int kind) {
  int first = threadIdx.x % 4 * 8;
  if (kind == kHalves) {
#pragma unroll
    for (int i = 0; i < kSteps; i += 2) {
      set_fragments<kSteps>(a, i, load_columns(top, first + i * 16, stride),
                            load_columns(bottom, first + i * 16, stride));
    }
    return;
  }
  u32 flip = kind == kSignedBytes ? 0x80808080 : 0;
  uint2 t[(kSteps + 1) / 2];
  uint2 b[(kSteps + 1) / 2];
#pragma unroll
  for (int i = 0; i < kSteps; i += 2) {
    t[i / 2] = load_bytes(top, first + i * 16, stride);
    b[i / 2] = load_bytes(bottom, first + i * 16, stride);
  }
#pragma unroll
  for (int i = 0; i < kSteps; i += 2) {
    set_fragments<kSteps>(a, i, halves_of(t[i / 2], flip), halves_of(b[i / 2], flip));
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
static __device__ __forceinline__ void epilogue(const HopperShared& s, const float acc[64],
                                                const float* h, int tile, HopperRow<kTwo> rows[2],
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

template <int kSteps, bool kCollect, class W>
static __device__ __forceinline__ void consume(const HopperShared& s, int stride, int kind,
                                               const W& work, const Screened& found,
                                               const Collected& listed, const Candidates& out) {
  using Shape = HopperShape<kSteps>;
  constexpr bool kTwo = W::kMany || (Shape::kWide && !kCollect);
  int lane = threadIdx.x % 32;
  int first_row = (threadIdx.x / 32 - 4) * 16 + lane / 4;
  u32 fill = 0;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    int base = work.base(unit);
    int end = work.end_tile(unit);
    int n = work.end_row(unit);
    HopperRow<kTwo> rows[2];
    const unsigned char* from[2];
#pragma unroll
    for (int r = 0; r < 2; r++) {
      HopperRow<kTwo>& row = rows[r];
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
    load_fragments<kSteps>(a, from[0], from[1], stride, kind);
    for (int tile = work.first_tile(unit); tile < end; tile++, fill++) {
      u32 stage = fill % Shape::kStages;
      u32 image = s.images + stage * Shape::kBytes;
      const float* h = s.half_norms + stage * kTileCentroids;
      float acc[64];
      barrier_wait(s.full + stage * 8, fill / Shape::kStages & 1);
      wgmma_fence();
      multiply<kSteps>(acc, a, image);
      wgmma_wait<0>();
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
          found.write(rows[r].entry, rows[r].runner);
        } else if (W::kMany && lane % 4 == 0) {
          found.groups[rows[r].entry] = work.no_group();
        }
      }
    }
  }
}

template <int kSteps, bool kCollect, class W>
static __device__ __forceinline__ void go_through(const W& work, int stride, int kind,
                                                  const unsigned char* images, const float* half_norms,
                                                  const Screened& found, const Collected& listed,
                                                  const Candidates& out) {
  using Shape = HopperShape<kSteps>;
  constexpr int kStages = Shape::kStages;
  extern __shared__ __align__(1024) unsigned char s_memory[];
  __shared__ __align__(8) u64 s_barriers[2 * kStages];
  __shared__ WarpHits s_hits[kCollect ? kConsumerWarps : 1];
  __shared__ u32 s_hit_counts[kConsumerWarps];
  float* s_half_norms = (float*)(s_memory + kStages * Shape::kBytes);
  int consumer = max(0, (int)threadIdx.x / 32 - 4);
  HopperShared s = {smem_address(s_memory),
                    s_half_norms,
                    smem_address(s_half_norms),
                    s_hits + (kCollect ? consumer : 0),
                    s_hit_counts + consumer,
                    smem_address(s_barriers),
                    smem_address(s_barriers + kStages)};
  if (threadIdx.x < kConsumerWarps) {
    s_hit_counts[threadIdx.x] = 0;
  }
  if (threadIdx.x == 0) {
    for (int i = 0; i < kStages; i++) {
      barrier_init(s.full + i * 8, 1);
      barrier_init(s.empty + i * 8, kConsumerWarps);
    }
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  }
  __syncthreads();
  if (threadIdx.x < 128) {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 24;");
    if (threadIdx.x == 0) {
      produce<kSteps>(s, stride, images, half_norms, work);
    }
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 160;");
    consume<kSteps, kCollect>(s, stride, kind, work, found, listed, out);
  }
}

template <int kSteps, bool kCollect>
static __device__ __forceinline__ void screen_sm90(const ScreenRows& x, const unsigned char* images,
                                                   const float* half_norms, int tiles,
                                                   const Screened& found, const Collected& listed,
                                                   const Candidates& out) {
  Work<kHopperRows> work = work_on<kHopperRows, kCollect>(x, tiles);
  go_through<kSteps, kCollect>(work, x.stride, x.kind, images, half_norms, found, listed, out);
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
      screen_sm90_many_##steps(Problems many, int stride, int kind, const unsigned char* images,  \
                               const float* half_norms, Screened found) {                         \
    go_through<steps, false>(work_on<kHopperRows>(many, stride), stride, kind, images,            \
                             half_norms, found, Collected{}, Candidates{});                       \
  }
SCREEN_SM90(2)
SCREEN_SM90(4)
SCREEN_SM90(6)
SCREEN_SM90(7)  // 100 columns
SCREEN_SM90(8)
SCREEN_SM90(12)
SCREEN_SM90(16)

#endif

}  // namespace flashlloyd
