// Sort-Inverse by counting: rows ordered by the group that the screen chose, and the work items.
//
//   nearest [n] of every row, or of those listed -> counts [group_count] -> starts [group_count + 1] -> order [n]
// Rows of one group stand in any order: all that follows is exact integers. A work item is up to
// `item_rows` rows of one group. With a row's number goes what deciding it needs to know beside the row:
// read here in order and there in order, where 4 bytes of a random row would cost a sector each.
#include "kernels.cuh"

namespace flashlloyd {

constexpr int kSortThreads = 512;
// Above this many groups the counters do not fit shared memory (48 KiB) and go to global memory.
constexpr int kSharedGroups = 12288;

// Up to this many groups, rows are sorted tile by tile in shared memory; with more, too few of a tile's are
// of one group.
constexpr int kTiledGroups = 1024;
constexpr int kSortTile = 4096;

struct SortShared {
  SortedRow rows[kSortTile];
  u32 places[kSortTile];
  u32 cursors[kTiledGroups];
  u32 counts[kTiledGroups];
  u32 starts[kTiledGroups];
};

static_assert(sizeof(SortShared) == 94208, "GroupSort.java asks for so much shared memory");
static_assert(sizeof(SortShared) >= kSharedGroups * 4, "which holds the cursors of all groups, too");

static __device__ __forceinline__ void range_of_cta(int n, int& begin, int& end) {
  int share = (n + gridDim.x - 1) / gridDim.x;
  begin = min(n, (int)blockIdx.x * share);
  end = min(n, begin + share);
}

// counts [group_count] in shared memory, of entries begin .. end - 1.
static __device__ __forceinline__ void count(const int* nearest, const RowList& which, int begin,
                                             int end, int group_count, u32* counts) {
  for (int g = threadIdx.x; g < group_count; g += blockDim.x) {
    counts[g] = 0;
  }
  __syncthreads();
#pragma unroll 4
  for (int i = begin + threadIdx.x; i < end; i += blockDim.x) {
    atomicAdd(counts + (u32)nearest[which.row(i)] / kGroup, 1u);
  }
  __syncthreads();
}

// With few groups also cta_counts [gridDim x group_count], for place_rows, whose CTAs have the same rows.
extern "C" __global__ void __launch_bounds__(kSortThreads)
    count_groups(const int* nearest, RowList rows, int group_count, u32* counts, u32* cta_counts) {
  __shared__ u32 s_counts[kSharedGroups];
  RowList which = rows.resolved();
  int begin, end;
  range_of_cta(which.n, begin, end);
  if (group_count > kSharedGroups) {
    for (int i = begin + threadIdx.x; i < end; i += blockDim.x) {
      atomicAdd(counts + (u32)nearest[which.row(i)] / kGroup, 1u);
    }
    return;
  }
  count(nearest, which, begin, end, group_count, s_counts);
  for (int g = threadIdx.x; g < group_count; g += blockDim.x) {
    if (s_counts[g] != 0) {
      atomicAdd(counts + g, s_counts[g]);
    }
    if (group_count <= kTiledGroups) {
      cta_counts[blockIdx.x * group_count + g] = s_counts[g];
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

// Places behind a problem's rows are sorted, too, to the end; nobody looks at them.
struct FactsOfMany {
  const float* seconds;
  Problems many;

  __device__ __forceinline__ SortedRow of(int place, int) const {
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
static __device__ __forceinline__ void place(const int* nearest, const RowList& which,
                                             const Facts& facts, int begin, int end, u32* cursors,
                                             SortedRow* order) {
  constexpr int kAtOnce = 4;
  for (int first = begin + threadIdx.x; first < end; first += kAtOnce * blockDim.x) {
    int group[kAtOnce];
    SortedRow row[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      int at = which.row(min(first + i * (int)blockDim.x, end - 1));
      int cluster = nearest[at];
      group[i] = (u32)cluster / kGroup;
      row[i] = facts.of(at, cluster);
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      if (first + i * (int)blockDim.x < end) {
        order[atomicAdd(cursors + group[i], 1u)] = row[i];
      }
    }
  }
}

// counts [group_count] -> starts, of two groups a thread.
static __device__ __forceinline__ void scan_tile(const u32* counts, int group_count, u32* starts) {
  __shared__ u32 s_warps[kSortThreads / 32];
  int lane = threadIdx.x % 32;
  int first = threadIdx.x * 2;
  u32 one = first < group_count ? counts[first] : 0;
  u32 two = first + 1 < group_count ? counts[first + 1] : 0;
  u32 sum = one + two;
#pragma unroll
  for (int offset = 1; offset < 32; offset <<= 1) {
    u32 below = __shfl_up_sync(~0u, sum, offset);
    sum += lane >= offset ? below : 0;
  }
  if (lane == 31) {
    s_warps[threadIdx.x / 32] = sum;
  }
  __syncthreads();
  u32 start = sum - one - two;
  for (int w = 0; w < threadIdx.x / 32; w++) {
    start += s_warps[w];
  }
  if (first < group_count) {
    starts[first] = start;
  }
  if (first + 1 < group_count) {
    starts[first + 1] = start + one;
  }
}

// The same with each tile of rows sorted in shared memory first: then neighbours write to one place, and
// not each to its own sector.
template <class Facts>
static __device__ __forceinline__ void place_tiles(const int* nearest, const RowList& which,
                                                   const Facts& facts, int begin, int end,
                                                   int group_count, SortShared& s,
                                                   SortedRow* order) {
  constexpr int kAtOnce = kSortTile / kSortThreads;
  for (int first = begin; first < end; first += kSortTile) {
    int group[kAtOnce];
    SortedRow row[kAtOnce];
    u32 rank[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      int at = first + i * kSortThreads + threadIdx.x;
      int number = which.row(min(at, end - 1));
      int cluster = nearest[number];
      group[i] = at < end ? (int)((u32)cluster / kGroup) : -1;
      row[i] = facts.of(number, cluster);
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      rank[i] = group[i] < 0 ? 0 : atomicAdd(s.counts + group[i], 1u);
    }
    __syncthreads();
    scan_tile(s.counts, group_count, s.starts);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < kAtOnce; i++) {
      if (group[i] >= 0) {
        u32 at = s.starts[group[i]] + rank[i];
        s.rows[at] = row[i];
        s.places[at] = s.cursors[group[i]] + rank[i];
      }
    }
    __syncthreads();
    int count = min(kSortTile, end - first);
    for (int i = threadIdx.x; i < count; i += kSortThreads) {
      order[s.places[i]] = s.rows[i];
    }
    for (int g = threadIdx.x; g < group_count; g += kSortThreads) {
      s.cursors[g] += s.counts[g];
      s.counts[g] = 0;
    }
    __syncthreads();
  }
}

// The work items: of how many groups, and where each group's begin and, per item, its group is.
struct ItemList {
  const u32* starts;  // [group_count + 1]
  int group_count;
  int* groups;        // [items]

  // A thread an item.
  __device__ __forceinline__ void fill() const {
    u32 items = starts[group_count];
    for (u32 item = blockIdx.x * blockDim.x + threadIdx.x; item < items;
         item += gridDim.x * blockDim.x) {
      int low = 0;
      int high = group_count;  // starts[low] <= item < starts[high]
      while (high - low > 1) {
        int middle = (low + high) / 2;
        if (starts[middle] <= item) {
          low = middle;
        } else {
          high = middle;
        }
      }
      groups[item] = low;
    }
  }
};

template <class Facts>
static __device__ __forceinline__ void place_all(const int* nearest, const RowList& rows,
                                                 int group_count, const Facts& facts,
                                                 const u32* cta_counts, u32* cursors,
                                                 SortedRow* order) {
  extern __shared__ __align__(16) unsigned char s_sort[];
  SortShared& s = *(SortShared*)s_sort;
  bool tiled = group_count <= kTiledGroups;
  u32* s_cursors = tiled ? s.cursors : (u32*)s_sort;
  RowList which = rows.resolved();
  int begin, end;
  range_of_cta(which.n, begin, end);
  if (group_count > kSharedGroups) {
    place(nearest, which, facts, begin, end, cursors, order);
    return;
  }
  if (!tiled) {
    count(nearest, which, begin, end, group_count, s_cursors);
  }
  for (int g = threadIdx.x; g < group_count; g += blockDim.x) {
    u32 rows = tiled ? cta_counts[blockIdx.x * group_count + g] : s_cursors[g];
    s_cursors[g] = rows == 0 ? 0 : atomicAdd(cursors + g, rows);
    if (tiled) {
      s.counts[g] = 0;
    }
  }
  __syncthreads();
  if (tiled) {
    place_tiles(nearest, which, facts, begin, end, group_count, s, order);
  } else {
    place(nearest, which, facts, begin, end, s_cursors, order);
  }
}

extern "C" __global__ void __launch_bounds__(kSortThreads)
    place_rows(const int* nearest, RowList rows, int group_count, RowFacts facts,
               const u32* cta_counts, u32* cursors, SortedRow* order, ItemList items) {
  items.fill();
  place_all(nearest, rows, group_count, facts, cta_counts, cursors, order);
}

extern "C" __global__ void __launch_bounds__(kSortThreads)
    place_rows_many(const int* nearest, RowList rows, int group_count, FactsOfMany facts,
                    const u32* cta_counts, u32* cursors, SortedRow* order, ItemList items) {
  items.fill();
  place_all(nearest, rows, group_count, facts, cta_counts, cursors, order);
}

}  // namespace flashlloyd
