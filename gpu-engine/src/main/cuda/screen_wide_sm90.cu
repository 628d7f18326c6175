// The screen on Hopper, dimension > 256: rows do not fit registers, so both operands stream through
// shared memory, 64 columns at a time.
//
//     cluster of two CTAs, the same 256 rows          stage, 4 of them, 48 KiB:
//                 tile t     tile t + 1                 rows      2 x 16 KiB, one from each CTA,
//               +----------+----------+                           multicast to both
//     256 rows  |  CTA 0   |  CTA 1   |                 centroids 16 KiB, its own
//               +----------+----------+
//
// Alone, a CTA would read 48 KiB from L2 for every 1024 cycles of tensor work, which L2 does not give
// to 132 of them; sharing the rows leaves 32 KiB. Warpgroup 0 of each CTA has one thread that copies;
// warpgroups 1 and 2 hold 128 rows x 128 centroids each, 128 accumulators a thread, and while one
// waits for its wgmmas or does its epilogue the other's run. The tensor cores are 87 % busy then, and power
// decides their clock; larger tiles, for which shared memory is read less, are no faster (README.md).
//
//   in   row images [rows / 128 x slices x 128 x 64] float16, swizzled as layout.cuh (image_rows)
//   out  halves [2 x n], one for each CTA of the cluster; merge_halves
#include "kernels.cuh"
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#include "ptx_sm90.cuh"
#endif

namespace flashlloyd {

constexpr int kImageRows = 128;

// A stretch of the rows that a wide screen is for. Of every row, images are there; of listed ones they are made
// as they are needed, some at a time, in `gathered`.
struct WideRows {
  RowList which;
  const unsigned char* images;
  unsigned char* gathered;
  int first;  // entry
  int most;

  // How many: every row is one stretch, the first.
  __device__ __forceinline__ int count(const RowList& resolved) const {
    if (resolved.list == nullptr) {
      return first == 0 ? resolved.n : 0;
    }
    return max(0, min(most, resolved.n - first));
  }
  __device__ __forceinline__ int place(const RowList& resolved, int at) const {
    return resolved.list == nullptr ? at : resolved.list[first + at];
  }
};

constexpr int kPaddedRows = 2 * kImageRows;

// screen rows [.. x stride] float16 -> images, zeros behind the last and behind the dimension; 8 threads a
// row and slice, 8 columns each. Where every row is asked for, but has its image, there is nothing to do.
extern "C" __global__ void image_rows(const __half* rows, int stride, WideRows wide, int slices,
                                      unsigned char* images) {
  RowList which = wide.which.resolved();
  if (which.list == nullptr && wide.images != nullptr) {
    return;
  }
  int n = wide.count(which);
  int padded_n = (n + kPaddedRows - 1) / kPaddedRows * kPaddedRows;
  long long total = (long long)padded_n * slices * 8;
  for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < total;
       i += (long long)gridDim.x * blockDim.x) {
    int piece = (int)(i % 8);
    int slice = (int)(i / 8 % slices);
    int row = (int)(i / 8 / slices);
    int column = slice * kSliceColumns + piece * 8;
    uint4 values = make_uint4(0, 0, 0, 0);
    if (row < n && column < stride) {
      values = *(const uint4*)(rows + (size_t)wide.place(which, row) * stride + column);
    }
    unsigned char* image =
        images + ((size_t)(row / kImageRows) * slices + slice) * kSliceBytes;
    u32 words[4] = {values.x, values.y, values.z, values.w};
#pragma unroll
    for (int w = 0; w < 4; w++) {
      *(u32*)(image + image_offset(row % kImageRows, image_column(piece * 8 + w * 2))) = words[w];
    }
  }
}

// What each CTA of a cluster found of each entry, [2 x count].
struct Halves {
  float* bests;
  Screened found;

  __device__ __forceinline__ Runner read(size_t at) const {
    return {bests[at], found.seconds[at], found.thirds[at], found.nearest[at] / kGroup,
            found.runner_ups[at]};
  }
};

extern "C" __global__ void merge_halves(Halves halves, WideRows wide, Screened found) {
  RowList which = wide.which.resolved();
  int n = wide.count(which);
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    Runner row = halves.read(i);
    row.merge(halves.read((size_t)n + i));
    found.write(wide.place(which, i), row);
  }
}

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

constexpr int kWideStages = 4;
constexpr int kWideThreads = 384;
constexpr int kWideRows = 256;
constexpr u32 kWideStageBytes = 3 * kSliceBytes;

struct WideShared {
  u32 stages;
  u32 full;
  u32 empty;
};

static __device__ __forceinline__ void produce_wide(const WideShared& s, u32 rank,
                                                    const unsigned char* row_images,
                                                    const unsigned char* images, int row_tiles,
                                                    int tiles, int slices) {
  u32 fill = 0;
  for (int unit = blockIdx.x / 2; unit < row_tiles; unit += gridDim.x / 2) {
    const unsigned char* rows = row_images + ((size_t)unit * 2 + rank) * slices * kSliceBytes;
    for (int pair = 0; pair < tiles; pair += 2) {
      // With an odd number of tiles the second CTA repeats the last one and drops its scores.
      int own = min(pair + (int)rank, tiles - 1);
      const unsigned char* tile = images + (size_t)own * slices * kSliceBytes;
      for (int slice = 0; slice < slices; slice++, fill++) {
        u32 stage = fill % kWideStages;
        u32 round = fill / kWideStages;
        if (round > 0) {
          barrier_wait(s.empty + stage * 8, (round - 1) & 1);
        }
        u32 full = s.full + stage * 8;
        u32 to = s.stages + stage * kWideStageBytes;
        barrier_expect(full, kWideStageBytes);
        bulk_copy_to_pair(to + rank * kSliceBytes, rows + (size_t)slice * kSliceBytes, kSliceBytes,
                          full);
        bulk_copy(to + 2 * kSliceBytes, tile + (size_t)slice * kSliceBytes, kSliceBytes, full);
      }
    }
  }
}

static __device__ __forceinline__ void consume_wide(const WideShared& s, u32 rank, int n,
                                                    const float* half_norms, int row_tiles,
                                                    int tiles, int slices, const Halves& halves) {
  int lane = threadIdx.x % 32;
  int quad = lane % 4;
  int half = threadIdx.x / 128 - 1;
  int first_row = half * 128 + threadIdx.x % 128 / 32 * 16 + lane / 4;
  u32 fill = 0;
  for (int unit = blockIdx.x / 2; unit < row_tiles; unit += gridDim.x / 2) {
    Runner runner[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      runner[i].clear();
    }
    for (int pair = 0; pair < tiles; pair += 2) {
      float acc0[64];
      float acc1[64];
      for (int slice = 0; slice < slices; slice++, fill++) {
        u32 stage = fill % kWideStages;
        u32 a = s.stages + stage * kWideStageBytes + half * kSliceBytes;
        u32 b = s.stages + stage * kWideStageBytes + 2 * kSliceBytes;
        barrier_wait(s.full + stage * 8, fill / kWideStages & 1);
        wgmma_fence();
#pragma unroll
        for (int k = 0; k < 4; k++) {
          u64 operand = swizzled_operand(b + k * 32);
          int accumulate = slice > 0 || k > 0;
          u32 at = a + k * 32;
          wgmma_m64n128k16_shared(acc0, swizzled_operand(at), operand, accumulate);
          wgmma_m64n128k16_shared(acc1, swizzled_operand(at + 64 * 128), operand, accumulate);
        }
        wgmma_commit();
        wgmma_wait<0>();
        if (lane == 0) {
          barrier_arrive(s.empty + stage * 8);
          barrier_arrive_peer(s.empty + stage * 8, rank ^ 1);
        }
      }
      int tile = pair + (int)rank;
      if (tile < tiles) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          int group = tile * kGroupsPerTile + i * 4 + quad;
          const float4* h = (const float4*)(half_norms + group * kGroup);
          float4 h0 = __ldg(h);
          float4 h1 = __ldg(h + 1);
#pragma unroll
          for (int r = 0; r < 4; r++) {
            runner[r].see(group_best((r < 2 ? acc0 : acc1) + i * 16 + r % 2 * 2, h0, h1), group);
          }
        }
      }
    }
#pragma unroll
    for (int r = 0; r < 4; r++) {
      runner[r].merge_quad();
      int row = unit * kWideRows + first_row + r / 2 * 64 + r % 2 * 8;
      if (quad == 0 && row < n) {
        size_t at = (size_t)rank * n + row;
        halves.bests[at] = runner[r].best;
        halves.found.write(at, runner[r]);
      }
    }
  }
}

extern "C" __global__ void __cluster_dims__(2, 1, 1) __launch_bounds__(kWideThreads, 1)
    screen_wide_sm90(WideRows wide, const unsigned char* images, const float* half_norms, int tiles,
                     int slices, Halves halves) {
  extern __shared__ __align__(1024) unsigned char s_wide_stages[];
  __shared__ __align__(8) u64 s_barriers[2 * kWideStages];
  WideShared s = {smem_address(s_wide_stages), smem_address(s_barriers),
                  smem_address(s_barriers + kWideStages)};
  u32 rank = blockIdx.x % 2;
  RowList which = wide.which.resolved();
  int n = wide.count(which);
  const unsigned char* row_images = which.list == nullptr ? wide.images : wide.gathered;
  int row_tiles = (n + kWideRows - 1) / kWideRows;
  if (threadIdx.x == 0) {
    for (int i = 0; i < kWideStages; i++) {
      barrier_init(s.full + i * 8, 1);
      barrier_init(s.empty + i * 8, 16);  // 8 consumer warps of each CTA
    }
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  }
  cluster_sync();
  if (threadIdx.x < 128) {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 56;");
    if (threadIdx.x == 0) {
      produce_wide(s, rank, row_images, images, row_tiles, tiles, slices);
    }
    __syncwarp();
    cluster_sync();  // the peer may still write to this CTA's shared memory
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 224;");
    consume_wide(s, rank, n, half_norms, row_tiles, tiles, slices, halves);
    cluster_sync();
  }
}

#endif

}  // namespace flashlloyd
