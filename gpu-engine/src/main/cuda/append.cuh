// Lists that many warps add to.
#pragma once
#include "kernels.cuh"

namespace flashlloyd {

// Where the lane's entry goes, of those lanes that have one: one addition to the list's length a warp. All
// lanes come here.
static __device__ __forceinline__ u32 append(u32* count, bool mine) {
  u32 all = __ballot_sync(~0u, mine);
  u32 first = 0;
  if (threadIdx.x % 32 == 0 && all != 0) {
    first = atomicAdd(count, __popc(all));
  }
  return __shfl_sync(~0u, first, 0) + __popc(all & ((1u << threadIdx.x % 32) - 1));
}

}  // namespace flashlloyd
