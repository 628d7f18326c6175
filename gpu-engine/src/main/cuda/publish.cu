// The end of a chunk: what became of each row, in the order of the rows, which those who decided them did not
// go through.
//
//   publish_rows   assignments; how many changed and, where a pass asks for the sums of those alone, which; for
//                  the next pass, how far each row is from all other centroids at least (bounds.cuh)
//   move_rows      their sums
#include "bounds.cuh"

namespace flashlloyd {

// How many lanes' rows moved, to the CTA's total and, from there, the pass's.
struct MovedCount {
  u32* shared;

  __device__ __forceinline__ void add(bool moved) const {
    u32 all = __ballot_sync(~0u, moved);
    if (threadIdx.x % 32 == 0 && all != 0) {
      atomicAdd(shared, __popc(all));
    }
  }
};

// Where rows' bounds go, and what they are made of.
struct NewBounds {
  float* bounds;  // [n], or null
  RowFacts facts;
  const CentroidBounds* centroids;
  ScreenFrame frame;
  const u32* open_count;  // null, or unless it says kEveryRow, rows have their bounds that are not kOpen

  __device__ __forceinline__ void set(int row, bool only_open) const {
    if (!only_open || bounds[row] == kOpen) {
      SortedRow known = facts.of(row, 0);
      bounds[row] = distance_floor(known.second, known.norm, known.residual, centroids, frame);
    }
  }
};

// nearest -> assignments, [n] each, of `rows`. previous: those of the iteration before, or null: every row moved;
// may be `assignments` itself.
extern "C" __global__ void publish_rows(const int* nearest, RowList rows, int* assignments,
                                        const int* previous, MovedRows moves, u64* moved,
                                        NewBounds kept) {
  __shared__ u32 s_moved;
  if (threadIdx.x == 0) {
    s_moved = 0;
  }
  __syncthreads();
  MovedCount count = {&s_moved};
  RowList which = rows.resolved();
  bool only_open = kept.open_count != nullptr && *kept.open_count != kEveryRow;
  int step = gridDim.x * blockDim.x;
  int rounds = (which.n + step - 1) / step;  // whole warps stay together
  int entry = blockIdx.x * blockDim.x + threadIdx.x;
  for (int round = 0; round < rounds; round++, entry += step) {
    bool mine = entry < which.n;
    int row = mine ? which.row(entry) : 0;
    int cluster = mine ? nearest[row] : 0;
    int before = mine && previous != nullptr ? previous[row] : -1;
    bool other = mine && before != cluster;
    count.add(other);
    if (moves.rows != nullptr) {
      u32 at = append(moves.count, other);
      if (other) {
        moves.rows[at] = row;
        moves.before[at] = before;
      }
    }
    if (other) {
      assignments[row] = cluster;
    }
    if (mine && kept.bounds != nullptr) {
      kept.set(row, only_open);
    }
  }
  __syncthreads();
  if (threadIdx.x == 0 && s_moved != 0) {
    atomicAdd(moved, (u64)s_moved);
  }
}

// The same of many problems; kPlacesPerTile threads, so that the rows of a CTA are of one. moved [problems].
extern "C" __global__ void publish_rows_many(const int* nearest, MovedRows moves, u64* moved,
                                             Problems many) {
  __shared__ u32 s_moved;
  if (threadIdx.x == 0) {
    s_moved = 0;
  }
  __syncthreads();
  MovedCount count = {&s_moved};
  int place = blockIdx.x * kPlacesPerTile + threadIdx.x;
  int index = many.of_row(place);
  const Problem& p = many.all[index];
  bool mine = place < p.end_row;
  int cluster = mine ? nearest[place] : 0;
  int before = mine && p.previous != nullptr ? p.previous[place] + p.first_cluster() : -1;
  bool other = mine && before != cluster;
  count.add(other);
  if (p.sums == kSumMoved) {
    u32 at = append(moves.count, other);
    if (other) {
      moves.rows[at] = place;
      moves.before[at] = before;
    }
  }
  if (other) {
    p.assignments[place] = cluster - p.first_cluster();
  }
  __syncthreads();
  if (threadIdx.x == 0 && s_moved != 0) {
    atomicAdd(moved + index, (u64)s_moved);
  }
}

// A row that moved: added to its cluster's sums, taken from those of the one before. One warp.
template <class T>
static __device__ __forceinline__ void move_row(const ChunkRows& x, int row, int before, int after,
                                                const double* scales, const Totals& totals) {
  int dimension = x.frame.dimension;
  u64 weight = x.weights == nullptr ? 1 : x.weights[row];
  for (int t = threadIdx.x % 32; t < dimension; t += 32) {
    u32 word = x.rows[(size_t)row * x.row_words + t / T::kPerWord];
    Wide addend =
        quantize(T::get(word, t % T::kPerWord), scales[t], weight, totals.high != nullptr);
    if ((addend.low | addend.high) != 0) {
      add_global(totals.low, totals.high, (size_t)after * dimension + t, addend);
      add_global(totals.low, totals.high, (size_t)before * dimension + t,
                 {0 - addend.low, ~addend.high + (addend.low == 0)});
    }
  }
}

// One warp a row.
template <class T>
__device__ void move_rows(const ChunkRows& x, const MovedRows& moves, const int* assignments,
                          const Totals& totals) {
  u32 count = *moves.count;
  u32 step = gridDim.x * blockDim.x / 32;
  for (u32 at = (blockIdx.x * blockDim.x + threadIdx.x) / 32; at < count; at += step) {
    int row = moves.rows[at];
    move_row<T>(x, row, moves.before[at], assignments[row], totals.scales, totals);
  }
}

template <class T>
__device__ void move_rows_many(const ChunkRows& x, const MovedRows& moves, const Totals& totals,
                               const Problems& many) {
  u32 count = *moves.count;
  u32 step = gridDim.x * blockDim.x / 32;
  for (u32 at = (blockIdx.x * blockDim.x + threadIdx.x) / 32; at < count; at += step) {
    int row = moves.rows[at];
    const Problem& p = many.all[many.of_row(row)];
    ChunkRows own = x;
    own.rows = p.rows;
    own.weights = p.weights;
    move_row<T>(own, row, moves.before[at], p.assignments[row] + p.first_cluster(), p.scales, totals);
  }
}

#define MOVE(suffix, type)                                                                        \
  extern "C" __global__ void move_rows_##suffix(ChunkRows x, MovedRows moves, const int* assignments, \
                                                Totals totals) {                                  \
    move_rows<type>(x, moves, assignments, totals);                                               \
  }                                                                                               \
  extern "C" __global__ void move_rows_many_##suffix(ChunkRows x, MovedRows moves, Totals totals,     \
                                                     Problems many) {                             \
    move_rows_many<type>(x, moves, totals, many);                                                 \
  }
MOVE(float32, Float32)
MOVE(float16, Float16)
MOVE(uint8, Uint8)
MOVE(int8, Int8)

}  // namespace flashlloyd
