// Which rows and centroids the CTAs of a screen take: units of a tile of kRows rows and a part of the
// centroid tiles, every gridDim.x-th a CTA's. For screen_portable.cu and screen_sm90.cuh.
#pragma once
#include "problems.cuh"
#include "screen.cuh"

namespace flashlloyd {

template <int kRows>
struct Work {
  static constexpr bool kMany = false;
  const ScreenRows& x;
  int n;
  int units;
  int parts;
  int tiles;

  __device__ __forceinline__ int first_tile(int unit) const {
    return (int)((long long)tiles * (unit % parts) / parts);
  }
  __device__ __forceinline__ int end_tile(int unit) const {
    return (int)((long long)tiles * (unit % parts + 1) / parts);
  }
  __device__ __forceinline__ int base(int unit) const { return unit / parts * kRows; }
  __device__ __forceinline__ int end_row(int) const { return n; }
  __device__ __forceinline__ const unsigned char* row(int, int at) const {
    return x.rows + (size_t)place(at) * x.stride;
  }
  // Asked for anew each time: the screens have no register to spare.
  __device__ __forceinline__ bool in_order() const { return x.which.every(); }
  // Which row an entry is.
  __device__ __forceinline__ int place(int at) const { return in_order() ? at : x.which.list[at]; }
  __device__ __forceinline__ int no_group() const { return -1; }
};

// Whole rows of centroids, unless candidates of listed rows are collected.
template <int kRows, bool kCollect>
__device__ __forceinline__ Work<kRows> work_on(const ScreenRows& x, int tiles) {
  int n = x.which.resolved().n;
  int row_tiles = (n + kRows - 1) / kRows;
  int parts = kCollect ? centroid_parts(row_tiles, tiles) : 1;
  return {x, n, row_tiles * parts, parts, tiles};
}

// The same of many problems: a unit is a row tile and all centroids of its problem. No second screen
// follows, which would need its rows by problem: this one says which two groups are best.
template <int kRows>
struct WorkOfMany {
  static_assert(kPlacesPerTile % kRows == 0, "a tile of rows is of one problem");
  static constexpr bool kMany = true;
  const Problems& many;
  int stride;
  int units;

  __device__ __forceinline__ const Problem& problem(int unit) const {
    return many.all[many.of_row(base(unit))];
  }
  __device__ __forceinline__ int first_tile(int unit) const { return problem(unit).first_tile; }
  __device__ __forceinline__ int end_tile(int unit) const { return problem(unit).end_tile(); }
  __device__ __forceinline__ int base(int unit) const { return unit * kRows; }
  __device__ __forceinline__ int end_row(int unit) const { return problem(unit).end_row; }
  __device__ __forceinline__ const unsigned char* row(int unit, int at) const {
    return problem(unit).screen + (size_t)at * stride;
  }
  __device__ __forceinline__ bool in_order() const { return true; }
  __device__ __forceinline__ int place(int at) const { return at; }
  // Of places that have no row: the group behind all others.
  __device__ __forceinline__ int no_group() const { return many.tiles * kGroupsPerTile; }
};

template <int kRows>
__device__ __forceinline__ WorkOfMany<kRows> work_on(const Problems& many, int stride) {
  return {many, stride, many.places / kRows};
}

}  // namespace flashlloyd
