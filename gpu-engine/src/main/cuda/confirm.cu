// Rows whose nearest centroid is sure, where a pass asks for nothing but assignments: nobody measures them.
//
//   confirm_rows      those that the screen's two scores make sure; the others are listed
//   decide_listed_T   of these, those that the distance of the named centroid makes sure; the rest are for
//                     resolve.cu
// For the screen that names each row's nearest centroid, which stays where it is.
#include "append.cuh"
#include "undecided.cuh"

namespace flashlloyd {

constexpr int kConfirmThreads = 256;
constexpr int kConfirmRows = 4;  // of a thread at a time

// Also what is typical of the rows, for the next pass's half norms.
extern "C" __global__ void __launch_bounds__(kConfirmThreads)
    confirm_rows(Screened found, RowFacts facts, CentroidSet c, const float* doubts, int n, int* listed,
                 u32* listed_count) {
  __shared__ float s_squares[2];
  __shared__ u32 s_count;
  __shared__ u32 s_first;
  if (threadIdx.x < 2) {
    s_squares[threadIdx.x] = 0;
  }
  float norm_squares = 0;
  float residual_squares = 0;
  constexpr int kStep = kConfirmThreads * kConfirmRows;
  for (int first = blockIdx.x * kStep; first < n; first += gridDim.x * kStep) {
    if (threadIdx.x == 0) {
      s_count = 0;
    }
    int nearest[kConfirmRows];
    SortedRow known[kConfirmRows];
    float best[kConfirmRows];
#pragma unroll
    for (int i = 0; i < kConfirmRows; i++) {
      int row = min(first + i * kConfirmThreads + (int)threadIdx.x, n - 1);
      nearest[i] = found.nearest[row];
      known[i] = facts.of(row, nearest[i]);
      best[i] = found.bests[row];
    }
    __syncthreads();
    bool doubtful[kConfirmRows];
    u32 at[kConfirmRows];
#pragma unroll
    for (int i = 0; i < kConfirmRows; i++) {
      bool mine = first + i * kConfirmThreads + (int)threadIdx.x < n;
      norm_squares += mine ? known[i].norm : 0;
      residual_squares += mine ? known[i].residual * known[i].residual : 0;
      doubtful[i] = mine && !is_certain(best[i], doubts[nearest[i]], known[i].second, known[i].norm,
                                        known[i].residual, c.bounds, c.dimension);
      at[i] = append(&s_count, doubtful[i]);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      s_first = atomicAdd(listed_count, s_count);
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < kConfirmRows; i++) {
      if (doubtful[i]) {
        listed[s_first + at[i]] = known[i].row();
      }
    }
  }
#pragma unroll
  for (int offset = 16; offset > 0; offset >>= 1) {
    norm_squares += __shfl_xor_sync(~0u, norm_squares, offset);
    residual_squares += __shfl_xor_sync(~0u, residual_squares, offset);
  }
  __syncthreads();
  if (threadIdx.x % 32 == 0) {
    atomicAdd(s_squares, norm_squares);
    atomicAdd(s_squares + 1, residual_squares);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    atomicAdd(&c.row_norms->norm_squares, (double)s_squares[0]);
    atomicAdd(&c.row_norms->residual_squares, (double)s_squares[1]);
    if (blockIdx.x == 0) {
      atomicAdd(&c.row_norms->rows, (double)n);
    }
  }
}

// kDistanceLanes a row.
template <class T>
__device__ void decide_listed(const ChunkRows& x, const CentroidSet& c, const Screened& found,
                              const RowFacts& facts, const int* listed, const u32* listed_count,
                              const Undecided& undecided, const Candidates& candidates) {
  u32 count = *listed_count;
  int stride = padded_dimension(c.dimension);
  u32 step = gridDim.x * blockDim.x / kDistanceLanes;
  u32 first = (blockIdx.x * blockDim.x + threadIdx.x) / kDistanceLanes;
  for (u32 at = first; at < count; at += step) {
    int row = listed[at];
    int nearest = found.nearest[row];
    SortedRow known = facts.of(row, nearest);
    double distance = shared_distance<T>(x.rows + (size_t)row * x.row_words,
                                         c.padded + (size_t)nearest * stride, x.row_words);
    float threshold = score_threshold(distance, known.norm, known.residual, c.bounds, x.frame);
    if (threadIdx.x % kDistanceLanes == 0 && !(known.second < threshold)) {
      threshold = at_least_floor(threshold, known, c, c.dimension);
      leave_undecided(known, nearest / kGroup, threshold, found, undecided, candidates);
    }
  }
}

#define DECIDE_LISTED(suffix, type)                                                               \
  extern "C" __global__ void decide_listed_##suffix(ChunkRows x, CentroidSet c, Screened found,   \
                                                    RowFacts facts, const int* listed,            \
                                                    const u32* listed_count, Undecided undecided, \
                                                    Candidates candidates) {                      \
    decide_listed<type>(x, c, found, facts, listed, listed_count, undecided, candidates);         \
  }
DECIDE_LISTED(float32, Float32)
DECIDE_LISTED(float16, Float16)
DECIDE_LISTED(uint8, Uint8)
DECIDE_LISTED(int8, Int8)

}  // namespace flashlloyd
