// What the Hopper screens share, dimension <= 256: wgmma with the rows in registers.
//
//              128 centroids, 4 (3) stages    warpgroup 0   one thread brings centroid tiles: one
//            +------------------------+                     bulk copy of the image, one of the half
//  192 rows  |        x~ . c~         |                     norms or starts, completing on an mbarrier
//            +------------------------+       warpgroups 1 to 3   64 rows each
//
// A CTA for each SM goes through row tiles (persistent); a consumer loads its rows once for all
// centroids, straight into A fragments (layout.cuh), and while one does its epilogue the wgmmas of the
// other two run. No wgmma is in flight across the loop's back edge, or ptxas serializes them all
// (warning C7514).
//
//   shared memory  stages x (slices x 16 KiB images + 512 B half norms or starts), hits, barriers
//   registers      64 (rows, d = 256) + 64 (accumulators) + state, of 160
#pragma once
#include "screen_work.cuh"
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "ptx_sm90.cuh"
#endif

namespace flashlloyd {

constexpr int kNormBytes = kTileCentroids * 4;

constexpr int kConsumers = 3;
constexpr int kConsumerWarps = kConsumers * 4;
constexpr int kHopperRows = kConsumers * 64;
constexpr int kHopperThreads = (1 + kConsumers) * 128;

// For kSteps k-steps of 16 columns.
template <int kSteps>
struct HopperShape {
  static constexpr int kStages = kSteps > 8 ? 3 : 4;
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

// What goes with each tile of centroids: half norms, or starts.
struct HopperShared {
  u32 images;
  const float* norms;
  u32 norm_address;
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
                                               const unsigned char* images, const float* norms,
                                               const W& work) {
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
      barrier_expect(full, kBytes + kNormBytes);
      bulk_copy(s.images + stage * kBytes, images + (size_t)tile * kBytes, kBytes, full);
      bulk_copy(s.norm_address + stage * kNormBytes, norms + (size_t)tile * kTileCentroids, kNormBytes,
                full);
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
template <int kSteps, bool kBytes>
static __device__ __forceinline__ void load_fragments(u32 a[kSteps][4], const unsigned char* top,
                                                      const unsigned char* bottom, int stride,
                                                      int kind) {
  int first = threadIdx.x % 4 * 8;
  if constexpr (!kBytes) {
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

// acc (+)= rows x centroids.
template <int kSteps, bool kAdd>
static __device__ __forceinline__ void multiply(float acc[64], const u32 a[kSteps][4], u32 image) {
  wgmma_fence();
#pragma unroll
  for (int k = 0; k < kSteps; k++) {
    wgmma_m64n128k16(acc, a[k],
                     swizzled_operand(image + k / 4 * kSliceBytes + k % 4 * 32), kAdd || k > 0);
  }
  wgmma_commit();
  wgmma_wait<0>();
}

// Whether rows are bytes that become float16 as they are loaded. A branch for the whole of a CTA's work: one
// in each unit's loads costs 2 % of all.
template <bool kValue>
struct AreBytes {
  static constexpr bool value = kValue;
};

// Sets up a CTA: its first warpgroup brings centroid tiles, the others call consume(shared, AreBytes).
template <int kSteps, int kHits, class W, class Consume>
static __device__ __forceinline__ void go_through(const W& work, int stride, int kind,
                                                  const unsigned char* images, const float* norms,
                                                  Consume consume) {
  using Shape = HopperShape<kSteps>;
  constexpr int kStages = Shape::kStages;
  extern __shared__ __align__(1024) unsigned char s_memory[];
  __shared__ __align__(8) u64 s_barriers[2 * kStages];
  __shared__ WarpHits s_hits[kHits];
  __shared__ u32 s_hit_counts[kConsumerWarps];
  float* s_norms = (float*)(s_memory + kStages * Shape::kBytes);
  int consumer = max(0, (int)threadIdx.x / 32 - 4);
  HopperShared s = {smem_address(s_memory),
                    s_norms,
                    smem_address(s_norms),
                    s_hits + (kHits > 1 ? consumer : 0),
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
      produce<kSteps>(s, stride, images, norms, work);
    }
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 160;");
    if (kind == kHalves) {
      consume(s, AreBytes<false>{});
    } else {
      consume(s, AreBytes<true>{});
    }
  }
}

#endif

}  // namespace flashlloyd
