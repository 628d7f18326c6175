// Totals at the end of a pass: costs with their carries done, each problem's totals as one piece.
#include "kernels.cuh"

namespace flashlloyd {

// One cluster's cost: digits [44] -> limbs [11], least significant first.
static __device__ __forceinline__ void carry(const u64* digits, u64* limbs) {
  u64 over = 0;
#pragma unroll
  for (int i = 0; i < kCostDigits; i += 4) {
    u64 limb = 0;
#pragma unroll
    for (int j = 0; j < 4; j++) {
      u64 digit = digits[i + j] + over;
      limb |= (digit & 0xffff) << (j * 16);
      over = digit >> 16;
    }
    limbs[i / 4] = limb;
  }
}

// cost_digits [k x 44] -> limbs [k x 11].
extern "C" __global__ void carry_cost(const u64* cost_digits, int k, u64* limbs) {
  for (int c = blockIdx.x * blockDim.x + threadIdx.x; c < k; c += gridDim.x * blockDim.x) {
    carry(cost_digits + (size_t)c * kCostDigits, limbs + (size_t)c * (kCostDigits / 4));
  }
}

// The totals of each problem, as one piece of its own: sums [k x dimension] where it has any, their high
// limbs [k x dimension] where those are two, counts [k], moved rows [1], cost [k x 11]. One warp a cluster.
extern "C" __global__ void collect_totals(Totals totals, Problems many, int dimension) {
  int lane = threadIdx.x % 32;
  int clusters = many.tiles * kTileCentroids;
  int step = gridDim.x * blockDim.x / 32;
  for (int cluster = (blockIdx.x * blockDim.x + threadIdx.x) / 32; cluster < clusters;
       cluster += step) {
    int index = many.of_cluster(cluster);
    const Problem& p = many.all[index];
    if (cluster >= p.end_cluster()) {
      continue;
    }
    size_t own = cluster - p.first_cluster();
    u64* out = p.results;
    const u64* limbs[2] = {totals.low, totals.high};
    for (int i = 0; i < 2; i++) {
      if (p.sums != kSumNone && limbs[i] != nullptr) {
        for (int t = lane; t < dimension; t += 32) {
          out[own * dimension + t] = limbs[i][(size_t)cluster * dimension + t];
        }
        out += (size_t)p.k * dimension;
      }
    }
    if (lane == 0) {
      out[own] = totals.counts[cluster];
      if (own == 0) {
        out[p.k] = totals.moved[index];
      }
      carry(totals.cost_digits + (size_t)cluster * kCostDigits, out + p.k + 1 + own * (kCostDigits / 4));
    }
  }
}

}  // namespace flashlloyd
