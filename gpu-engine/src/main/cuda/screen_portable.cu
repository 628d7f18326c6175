// The screen for any dimension on any card with float16 mma.sync (sm_80 and newer).
//
//             128 centroids
//           +--------------+    warp w holds rows 32w .. 32w+31 of the tile against all 128
//  128 rows |  x~ . c~     |    centroids: 2 x 16 mma tiles of 16 x 8, 128 accumulators a thread
//           +--------------+    rows: from global memory straight to A fragments, 16 bytes a load
//                               centroids: image slices of 16 KiB, cp.async, 3 stages
//
//   out  what screen.cuh's Screened holds, or candidates
// This is the plain version of the idea; groups_sm90.cu is it on Hopper, nearest_sm90.cu goes further.
#include "screen_work.cuh"

namespace flashlloyd {

constexpr int kPortableRows = 128;
constexpr int kPortableStages = 3;
constexpr int kPortableThreads = 128;

static __device__ __forceinline__ void load_slice(unsigned char* stage, const unsigned char* from) {
  for (int at = threadIdx.x * 16; at < kSliceBytes; at += kPortableThreads * 16) {
    copy_16(smem_address(stage + at), from + at);
  }
}

// A fragments of 16 rows x 64 columns: rows `top` and `bottom` of this thread.
static __device__ __forceinline__ void load_rows(u32 a[4][4], const __half* top,
                                                 const __half* bottom, int column, int stride) {
  int quad = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int at = column + half * 32 + quad * 8;
    uint4 zero = make_uint4(0, 0, 0, 0);
    uint4 t = at < stride ? *(const uint4*)(top + at) : zero;
    uint4 b = at < stride ? *(const uint4*)(bottom + at) : zero;
    a[half * 2][0] = t.x, a[half * 2][1] = b.x, a[half * 2][2] = t.y, a[half * 2][3] = b.y;
    a[half * 2 + 1][0] = t.z, a[half * 2 + 1][1] = b.z, a[half * 2 + 1][2] = t.w,
                   a[half * 2 + 1][3] = b.w;
  }
}

// On sm_80 the registers are just enough without what this takes, once a unit.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ == 800
#define WRITE_INLINE __noinline__
#else
#define WRITE_INLINE __forceinline__
#endif
static __device__ WRITE_INLINE void write_found(const Screened& found, size_t at, const Runner row) {
  found.write(at, row);
}

template <bool kCollect, class W>
__device__ void screen_portable(const W& work, int stride, const unsigned char* images,
                                const float* half_norms, int slices, Screened found,
                                Collected listed, Candidates out) {
  extern __shared__ __align__(128) unsigned char s_stages[];
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int quad = lane % 4;
  for (int unit = blockIdx.x; unit < work.units; unit += gridDim.x) {
    int n = work.end_row(unit);
    int base = work.base(unit);
    int first_tile = work.first_tile(unit);
    int steps = (work.end_tile(unit) - first_tile) * slices;
    const unsigned char* part_images = images + (size_t)first_tile * slices * kSliceBytes;
    int entry[4];
    const __half* rows[4];
    float threshold[4];
    Runner runner[4];
    for (int i = 0; i < 4; i++) {
      entry[i] = base + warp * 32 + i * 8 + lane / 4;
      int at = min(entry[i], n - 1);
      rows[i] = (const __half*)work.row(unit, at);
      runner[i].clear();
      threshold[i] = kCollect ? (entry[i] < n ? listed.thresholds[at] : __int_as_float(0x7f800000)) : 0;
    }
    __syncthreads();  // the stages are free again
    for (int s = 0; s < kPortableStages - 1; s++) {
      if (s < steps) {
        load_slice(s_stages + s * kSliceBytes, part_images + (size_t)s * kSliceBytes);
      }
      asm volatile("cp.async.commit_group;");
    }
    float acc[2][16][4];
    for (int step = 0; step < steps; step++) {
      int slice = step % slices;
      asm volatile("cp.async.wait_group %0;" ::"n"(kPortableStages - 2));
      __syncthreads();
      int ahead = step + kPortableStages - 1;
      if (ahead < steps) {
        load_slice(s_stages + ahead % kPortableStages * kSliceBytes,
                   part_images + (size_t)ahead * kSliceBytes);
      }
      asm volatile("cp.async.commit_group;");
      if (slice == 0) {
#pragma unroll
        for (int i = 0; i < 128; i++) {
          (&acc[0][0][0])[i] = 0;
        }
      }
      u32 a[2][4][4];
      load_rows(a[0], rows[0], rows[1], slice * kSliceColumns, stride / 2);
      load_rows(a[1], rows[2], rows[3], slice * kSliceColumns, stride / 2);
      u32 stage = smem_address(s_stages + step % kPortableStages * kSliceBytes);
#pragma unroll
      for (int k = 0; k < 4; k++) {
#pragma unroll
        for (int j = 0; j < 16; j += 2) {
          // Four 8x8 matrices: two tile-row octets x the two halves of the k-step.
          int row = (j + lane / 16) * 8 + lane % 8;
          int piece = (k * 2 + (lane / 8) % 2) ^ (row & 7);
          u32 b[4];
          asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                       : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                       : "r"(stage + row * 128 + piece * 16));
#pragma unroll
          for (int m = 0; m < 2; m++) {
            mma_m16n8k16(acc[m][j], a[m][k], b[0], b[1]);
            mma_m16n8k16(acc[m][j + 1], a[m][k], b[2], b[3]);
          }
        }
      }
      if (slice != slices - 1) {
        continue;
      }
      int tile = first_tile + step / slices;
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int group = tile * kGroupsPerTile + i * 4 + quad;
        const float4* h = (const float4*)(half_norms + group * kGroup);
        float4 h0 = h[0];
        float4 h1 = h[1];
#pragma unroll
        for (int r = 0; r < 4; r++) {
          float score = group_best(&acc[r / 2][i * 4][r % 2 * 2], h0, h1);
          if (kCollect) {
            if (score >= threshold[r]) {
              int mask = group_mask(&acc[r / 2][i * 4][r % 2 * 2], h0, h1, threshold[r]);
              add_candidates(out, listed.entries[entry[r]], candidates_of(group, mask));
            }
          } else {
            runner[r].see(score, group);
          }
        }
      }
    }
    asm volatile("cp.async.wait_group 0;");
    if (!kCollect) {
#pragma unroll
      for (int r = 0; r < 4; r++) {
        runner[r].merge_quad();
        if (quad == 0 && entry[r] < n) {
          write_found(found, work.place(entry[r]), runner[r]);
        } else if (W::kMany && quad == 0) {
          found.nearest[entry[r]] = work.no_group() * kGroup;
        }
      }
    }
  }
}

template <bool kCollect>
__device__ void screen_portable(const ScreenRows& x, const unsigned char* images,
                                const float* half_norms, int tiles, int slices,
                                const Screened& found, const Collected& listed,
                                const Candidates& out) {
  Work<kPortableRows> work = work_on<kPortableRows, kCollect>(x, tiles);
  screen_portable<kCollect>(work, x.stride, images, half_norms, slices, found, listed, out);
}

extern "C" __global__ void __launch_bounds__(kPortableThreads, 2)
    screen_portable_best(ScreenRows x, const unsigned char* images, const float* half_norms,
                         int tiles, int slices, Screened found) {
  FROM_SM80(screen_portable<false>(x, images, half_norms, tiles, slices, found, Collected{},
                                   Candidates{}));
}

extern "C" __global__ void __launch_bounds__(kPortableThreads, 2)
    screen_portable_collect(ScreenRows x, const unsigned char* images, const float* half_norms,
                            int tiles, int slices, Collected listed, Candidates out) {
  FROM_SM80(screen_portable<true>(x, images, half_norms, tiles, slices, Screened{}, listed, out));
}

extern "C" __global__ void __launch_bounds__(kPortableThreads, 2)
    screen_portable_many(Problems many, int stride, const unsigned char* images,
                         const float* half_norms, int slices, Screened found) {
  FROM_SM80(screen_portable<false>(work_on<kPortableRows>(many, stride), stride, images, half_norms,
                                   slices, found, Collected{}, Candidates{}));
}

}  // namespace flashlloyd
