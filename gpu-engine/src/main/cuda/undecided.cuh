// What becomes of a row that nobody is sure of: an entry for resolve.cu.
#pragma once
#include "kernels.cuh"

namespace flashlloyd {

// The threshold of a row whose nearest centroid the screen named, perhaps wrongly: where several had the best
// score, the distance that made the threshold may be of any.
static __device__ __forceinline__ float at_least_floor(float threshold, const SortedRow& sorted,
                                                       const CentroidSet& c, int dimension) {
  if (sorted.second == __int_as_float(0x7f800000)) {
    return threshold;  // no score is known
  }
  return fmaxf(threshold,
               score_floor(sorted.second, sorted.norm, sorted.residual, c.bounds, dimension));
}

// A row that its group cannot decide, or its nearest centroid.
static __device__ __forceinline__ void leave_undecided(const SortedRow& sorted, int group,
                                                       float threshold, const Screened& found,
                                                       const Undecided& undecided,
                                                       const Candidates& candidates) {
  int row = sorted.row();
  found.seconds[row] = __int_as_float(0x7f800000);  // whichever wins, others may be as near
  u32 entry = atomicAdd(undecided.count, 1u);
  undecided.start(candidates, entry, row);
  if (sorted.second < threshold) {
    add_candidates(candidates, entry, candidates_of(group, kWholeGroup));
  } else if (found.runner_ups != nullptr && found.thirds[row] < threshold) {
    add_candidates(candidates, entry, candidates_of(group, kWholeGroup));
    add_candidates(candidates, entry, candidates_of(found.runner_ups[row], kWholeGroup));
  } else if (undecided.collect_count == nullptr) {
    give_up(candidates, entry);
  } else {
    undecided.collect(entry, row, threshold);
  }
}

}  // namespace flashlloyd
