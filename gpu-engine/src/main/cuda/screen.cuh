// FlashAssign's inner state: a row's best two groups and third score, or the groups above a threshold.
#pragma once
#include "error_bound.cuh"

namespace flashlloyd {

// Which of n rows a kernel is for: every one, or those that an earlier kernel listed. That one may also have
// found that a list is of no use: then it is every one after all.
constexpr u32 kEveryRow = ~0u;
struct RowList {
  int n;
  const int* list;   // null: every row
  const u32* count;  // rows listed, or kEveryRow

  __device__ __forceinline__ bool every() const { return list == nullptr || *count == kEveryRow; }
  // The same, seen through: a list where there is one.
  __device__ __forceinline__ RowList resolved() const {
    return every() ? RowList{n, nullptr, nullptr} : RowList{(int)*count, list, count};
  }
  // Of a resolved one.
  __device__ __forceinline__ int row(int at) const { return list == nullptr ? at : list[at]; }
};

// Rows that the screen reads, zeros behind the dimension: float16, or bytes that become float16 as they
// are loaded (uint8 less 128: exact). Entry e is row `which.row(e)`.
enum RowKind { kHalves, kUnsignedBytes, kSignedBytes };
struct ScreenRows {
  const unsigned char* rows;
  int stride;  // bytes from row to row, a multiple of 16
  int kind;    // RowKind; the portable screen takes kHalves alone
  RowList which;
};

// Candidates of undecided rows (entries), appended in any order: pairs (entry, candidates), the latter
// group << 8 and a bit for each of its 8 centroids that is one.
struct Candidates {
  u32* entry_counts;        // [entries] pairs of each entry so far
  int2* pairs;
  u32* pair_count;
  u32 pair_capacity;
  u32* flagged;             // [entries] set once the entry went to the exhaustive list
  u32* exhaustive;          // entries that every centroid must be tried for
  u32* exhaustive_count;
};

// The listed rows of a collecting screen: which entry each is, and what its candidates must score.
struct Collected {
  const int* entries;
  const float* thresholds;
};

// More candidate groups than this, and a row is cheaper to decide exhaustively.
constexpr u32 kMaxCandidateGroups = 64;

__device__ __forceinline__ void give_up(const Candidates& out, int entry) {
  if (atomicExch(out.flagged + entry, 1u) == 0) {
    out.exhaustive[atomicAdd(out.exhaustive_count, 1u)] = entry;
  }
}

constexpr int kWholeGroup = 0xff;

__device__ __forceinline__ int candidates_of(int group, int mask) { return group << 8 | mask; }

__device__ __forceinline__ void add_candidates(const Candidates& out, int entry, int candidates) {
  if (atomicAdd(out.entry_counts + entry, 1u) >= kMaxCandidateGroups) {
    give_up(out, entry);
    return;
  }
  u32 at = atomicAdd(out.pair_count, 1u);
  if (at < out.pair_capacity) {
    out.pairs[at] = make_int2(entry, candidates);
  } else {
    give_up(out, entry);
  }
}

// Listed rows are few: several CTAs share a row tile, each with a part of the centroid tiles, so that all
// have about the same to do and it ends early. Loading the rows of a unit takes as long as kLoadTiles tiles.
__device__ __forceinline__ int centroid_parts(int row_tiles, int tiles) {
  constexpr int kMostParts = 4;
  constexpr int kLoadTiles = 2;
  int ctas = gridDim.x;
  int best = max(1, min(tiles, ctas / max(1, row_tiles)));
  if (best > 1) {
    return best;
  }
  int shortest = (row_tiles + ctas - 1) / ctas * (tiles + kLoadTiles);
  for (int parts = 2; parts <= min(tiles, kMostParts); parts++) {
    int length =
        (row_tiles * parts + ctas - 1) / ctas * ((tiles + parts - 1) / parts + kLoadTiles);
    best = length < shortest ? parts : best;
    shortest = min(shortest, length);
  }
  return best;
}

// What one thread knows of one row: the best two groups among those it saw, and the best score elsewhere.
// Where a row cannot be decided inside its best group, the second is nearly always the only other one in
// question, and no second screen has to find it.
struct Runner {
  float best;
  float second;
  float third;
  int group;
  int runner_up;

  __device__ __forceinline__ void clear() {
    best = second = third = -__int_as_float(0x7f800000);
    group = runner_up = 0;
  }
  __device__ __forceinline__ void see(float score, int g) {
    third = fmaxf(third, fminf(second, score));
    runner_up = score > second ? g : runner_up;
    runner_up = score > best ? group : runner_up;
    second = fmaxf(second, fminf(best, score));
    group = score > best ? g : group;
    best = fmaxf(best, score);
  }
  // The four lanes of a quad hold one row.
  __device__ __forceinline__ void merge_quad() {
#pragma unroll
    for (int offset = 1; offset <= 2; offset <<= 1) {
      merge({__shfl_xor_sync(~0u, best, offset), __shfl_xor_sync(~0u, second, offset),
             __shfl_xor_sync(~0u, third, offset), __shfl_xor_sync(~0u, group, offset),
             __shfl_xor_sync(~0u, runner_up, offset)});
    }
  }
  __device__ __forceinline__ void merge(const Runner& other) {
    bool wins = other.best > best;
    float loser = fminf(best, other.best);
    int loser_group = wins ? group : other.group;
    float seconds = wins ? other.second : second;
    int seconds_group = wins ? other.runner_up : runner_up;
    third = fmaxf(fmaxf(third, other.third), fmaxf(fminf(loser, seconds), wins ? second : other.second));
    second = fmaxf(loser, seconds);
    runner_up = loser >= seconds ? loser_group : seconds_group;
    group = wins ? other.group : group;
    best = fmaxf(best, other.best);
  }
};

// Where the screen writes what it found of each row, [n] each.
struct Screened {
  int* nearest;     // the best centroid; where the screen knows groups only, the first of the best group
  float* seconds;   // the best score of all others (of all other groups) ...
  int* runner_ups;  // ... which this group has; null where the screen names centroids
  float* thirds;    // the best score outside both
  float* bests;     // the best score, but for rounding; null where nobody asks

  __device__ __forceinline__ void write(size_t at, const Runner& row) const {
    nearest[at] = row.group * kGroup;
    seconds[at] = row.second;
    runner_ups[at] = row.runner_up;
    thirds[at] = row.third;
    if (bests != nullptr) {
      bests[at] = row.best;
    }
  }
};

// The largest of a group's 8 scores of one accumulator row; r points at the thread's first value of
// that row (0 or 2), h at the group's half norms.
__device__ __forceinline__ float group_best(const float* r, const float4 h0, const float4 h1) {
  float a = fmaxf(r[0] - h0.x, r[1] - h0.y);
  float b = fmaxf(r[4] - h0.z, r[5] - h0.w);
  float c = fmaxf(r[8] - h1.x, r[9] - h1.y);
  float d = fmaxf(r[12] - h1.z, r[13] - h1.w);
  return fmaxf(fmaxf(a, b), fmaxf(c, d));
}

// Which of the group's 8 scores, as in group_best, reach the threshold.
__device__ __forceinline__ int group_mask(const float* r, const float4 h0, const float4 h1,
                                          float threshold) {
  float h[8] = {h0.x, h0.y, h0.z, h0.w, h1.x, h1.y, h1.z, h1.w};
  int mask = 0;
#pragma unroll
  for (int i = 0; i < 8; i++) {
    mask |= (r[i / 2 * 4 + i % 2] - h[i] >= threshold) << i;
  }
  return mask;
}

__device__ __forceinline__ u32 smem_address(const void* p) {
  return (u32)__cvta_generic_to_shared(p);
}

// 16 bytes, asynchronously, past L1.
__device__ __forceinline__ void copy_16(u32 to, const void* from) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from));
}

__device__ __forceinline__ void mma_m16n8k16(float* d, const u32* a, u32 b0, u32 b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

}  // namespace flashlloyd
