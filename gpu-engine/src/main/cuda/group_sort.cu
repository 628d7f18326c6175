// Sort-Inverse by counting: rows ordered by the group that the screen chose, and the work items.
//
//   groups [n] -> counts [group_count] -> starts [group_count + 1] -> order [n]
// Rows of one group stand in any order: all that follows is exact integers. A work item is up to
// `item_rows` rows of one group. With a row's number goes what deciding it needs to know beside the row:
// read here in order and there in order, where 4 bytes of a random row would cost a sector each.
#include "kernels.cuh"

namespace flashlloyd {

constexpr int kSortThreads = 512;
// Above this many groups the counters do not fit shared memory (48 KiB) and go to global memory.
constexpr int kSharedGroups = 12288;

static __device__ __forceinline__ void range_of_cta(int n, int& begin, int& end) {
  int share = (n + gridDim.x - 1) / gridDim.x;
  begin = min(n, (int)blockIdx.x * share);
  end = min(n, begin + share);
}

// counts [group_count] in shared memory, of rows begin .. end - 1.
static __device__ __forceinline__ void count(const int* groups, int begin, int end,
                                             int group_count, u32* counts) {
  for (int g = threadIdx.x; g < group_count; g += blockDim.x) {
    counts[g] = 0;
  }
  __syncthreads();
#pragma unroll 4
  for (int i = begin + threadIdx.x; i < end; i += blockDim.x) {
    atomicAdd(counts + groups[i], 1u);
  }
  __syncthreads();
}

extern "C" __global__ void __launch_bounds__(kSortThreads)
    count_groups(const int* groups, int n, int group_count, u32* counts) {
  __shared__ u32 s_counts[kSharedGroups];
  int begin, end;
  range_of_cta(n, begin, end);
  if (group_count > kSharedGroups) {
    for (int i = begin + threadIdx.x; i < end; i += blockDim.x) {
      atomicAdd(counts + groups[i], 1u);
    }
    return;
  }
  count(groups, begin, end, group_count, s_counts);
  for (int g = threadIdx.x; g < group_count; g += blockDim.x) {
    if (s_counts[g] != 0) {
      atomicAdd(counts + g, s_counts[g]);
    }
  }
}

// One CTA of 1024 threads. counts -> starts and item_starts [group_count + 1]; counts become the
// cursors that place_rows moves.
extern "C" __global__ void __launch_bounds__(1024)
    scan_groups(u32* counts, int group_count, int item_rows, u32* starts, u32* item_starts) {
  __shared__ u32 s_rows[1024];
  __shared__ u32 s_items[1024];
  int share = (group_count + 1023) / 1024;
  int begin = min(group_count, (int)threadIdx.x * share);
  int end = min(group_count, begin + share);
  u32 rows = 0;
  u32 items = 0;
  for (int g = begin; g < end; g++) {
    rows += counts[g];
    items += (counts[g] + item_rows - 1) / item_rows;
  }
  s_rows[threadIdx.x] = rows;
  s_items[threadIdx.x] = items;
  __syncthreads();
  for (int offset = 1; offset < 1024; offset <<= 1) {
    u32 other_rows = threadIdx.x >= offset ? s_rows[threadIdx.x - offset] : 0;
    u32 other_items = threadIdx.x >= offset ? s_items[threadIdx.x - offset] : 0;
    __syncthreads();
    s_rows[threadIdx.x] += other_rows;
    s_items[threadIdx.x] += other_items;
    __syncthreads();
  }
  u32 row = s_rows[threadIdx.x] - rows;
  u32 item = s_items[threadIdx.x] - items;
  for (int g = begin; g < end; g++) {
    u32 count = counts[g];
    starts[g] = row;
    item_starts[g] = item;
    counts[g] = row;
    row += count;
    item += (count + item_rows - 1) / item_rows;
  }
  if (threadIdx.x == 1023) {
    starts[group_count] = s_rows[1023];
    item_starts[group_count] = s_items[1023];
  }
}

struct RowFacts {
  const float* seconds;
  const float* norms;
  const float* residuals;  // or null

  __device__ __forceinline__ SortedRow of(int row) const {
    return {row, seconds[row], norms[row], residuals == nullptr ? 0 : residuals[row]};
  }
};

// Places behind a problem's rows are sorted, too, to the end; nobody looks at them.
struct FactsOfMany {
  const float* seconds;
  Problems many;

  __device__ __forceinline__ SortedRow of(int place) const {
    const Problem& p = many.all[many.of_row(place)];
    if (place >= p.end_row) {
      return {place, 0, 0, 0};
    }
    return {place, seconds[place], p.norms[place],
            p.residuals == nullptr ? 0 : p.residuals[place]};
  }
};

// Rows begin .. end - 1 to the places that their group's cursor says; four a thread at a time, so that
// their loads run together.
template <class Facts>
static __device__ __forceinline__ void place(const int* groups, const Facts& facts, int begin, int end,
                                             u32* cursors, SortedRow* order) {
  constexpr int kAtOnce = 4;
  for (int first = begin + threadIdx.x; first < end; first += kAtOnce * blockDim.x) {
    int group[kAtOnce];
    SortedRow row[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      int at = min(first + i * (int)blockDim.x, end - 1);
      group[i] = groups[at];
      row[i] = facts.of(at);
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      if (first + i * (int)blockDim.x < end) {
        order[atomicAdd(cursors + group[i], 1u)] = row[i];
      }
    }
  }
}

template <class Facts>
static __device__ __forceinline__ void place_all(const int* groups, int n, int group_count,
                                                 const Facts& facts, u32* cursors,
                                                 SortedRow* order) {
  __shared__ u32 s_cursors[kSharedGroups];
  int begin, end;
  range_of_cta(n, begin, end);
  if (group_count > kSharedGroups) {
    place(groups, facts, begin, end, cursors, order);
    return;
  }
  count(groups, begin, end, group_count, s_cursors);
  for (int g = threadIdx.x; g < group_count; g += blockDim.x) {
    u32 rows = s_cursors[g];
    s_cursors[g] = rows == 0 ? 0 : atomicAdd(cursors + g, rows);
  }
  __syncthreads();
  place(groups, facts, begin, end, s_cursors, order);
}

extern "C" __global__ void __launch_bounds__(kSortThreads)
    place_rows(const int* groups, int n, int group_count, RowFacts facts, u32* cursors,
               SortedRow* order) {
  place_all(groups, n, group_count, facts, cursors, order);
}

extern "C" __global__ void __launch_bounds__(kSortThreads)
    place_rows_many(const int* groups, int n, int group_count, FactsOfMany facts, u32* cursors,
                    SortedRow* order) {
  place_all(groups, n, group_count, facts, cursors, order);
}

// item_groups [items]: the group of each work item; one thread an item.
extern "C" __global__ void list_items(const u32* item_starts, int group_count, int* item_groups) {
  u32 items = item_starts[group_count];
  for (u32 item = blockIdx.x * blockDim.x + threadIdx.x; item < items;
       item += gridDim.x * blockDim.x) {
    int low = 0;
    int high = group_count;  // item_starts[low] <= item < item_starts[high]
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (item_starts[middle] <= item) {
        low = middle;
      } else {
        high = middle;
      }
    }
    item_groups[item] = low;
  }
}

}  // namespace flashlloyd
