// Centroids, once a pass: padded float32 rows, half norms, screen images, bounds.
//
//   in   centroids [k x dimension] float32; shift [dimension] float32 (mean * scale)
//   out  padded    [groups * 8 x padded_dimension] float32, zeros behind the dimension; behind k infinite:
//                  such a row is at an infinite distance, which decides nothing
//        half_norm [tiles * 128] float32, ||c'||^2/2 less e_c; +inf behind k: padding never wins
//        images    see layout.cuh; zeroed by the caller
//        bounds    zeroed by the caller
//        starts    [tiles * 128], see layout.cuh: the offset less ||c'||^2/2, and f_c (error_bound.cuh). They
//                  need norm_range before; null with many problems, whose screen does not ask for them and
//                  which nobody runs norm_range for
//        doubts    [tiles * 128] 2 f_c
// One warp a centroid. The image's float16 saturates: the residual norm then says so.
#include "kernels.cuh"

namespace flashlloyd {

struct PreparedCentroids {
  float* padded;
  float* half_norm;
  unsigned char* images;
  CentroidBounds* bounds;
  float* starts;
  float* doubts;
};

static __device__ double warp_sum(double value) {
  for (int offset = 16; offset > 0; offset >>= 1) {
    value += __shfl_xor_sync(~0u, value, offset);
  }
  return value;
}

// A tenth above the mean square: most rows of a data set without outliers, and the others pay for little.
// Zero where nothing is known.
static __device__ float typical(double squares, double rows) {
  float value = rows == 0 ? 0 : (float)sqrt(squares * (1.1 / rows));
  return value < 1e18f ? value : 0;  // NaN, too
}

// What makes the best score of a typical row positive: no row's is below its score of the centroid with the
// smallest norm, -X ||c'|| - ||c'||^2/2 at least. Where that is a centroid at the origin, whose scores are
// zero, a little lifts it above what counts as zero. Any offset is right, a large one costs precision.
static __device__ float offset_of(const CentroidBounds& bounds, const RowNorms& rows) {
  float low = __uint_as_float(~bounds.min_norm);
  float row_norm = typical(rows.norm_squares, rows.rows);
  row_norm = row_norm == 0 ? __uint_as_float(bounds.max_norm) : row_norm;
  float offset = fmaxf(1.01f * low * (row_norm + low / 2), 0x1p-8f * row_norm * row_norm);
  return offset > 0 && offset < 1e30f ? offset : offset == 0 ? 1 : 1e30f;
}

// ||c'|| of all centroids: the smallest and the largest.
extern "C" __global__ void norm_range(const float* centroids, const float* shift, float scale, int k,
                                      int dimension, CentroidBounds* bounds) {
  int c = (int)((blockIdx.x * blockDim.x + threadIdx.x) / 32);
  if (c >= k) {
    return;
  }
  double norm = 0;
  for (int t = threadIdx.x % 32; t < dimension; t += 32) {
    double framed = (double)centroids[(size_t)c * dimension + t] * scale - (double)shift[t];
    norm += framed * framed;
  }
  double length = sqrt(warp_sum(norm)) * (1 + 0x1p-40);
  if (threadIdx.x % 32 == 0) {
    atomicMax(&bounds->min_norm, ~__float_as_uint(__double2float_rd(length)));
    atomicMax(&bounds->max_norm, __float_as_uint(__double2float_ru(length)));
  }
}

static __device__ void set_start(const PreparedCentroids& out, int c, float start, float doubt) {
  out.starts[(size_t)(c / kTileCentroids) * kTileCentroids + image_row(c % kTileCentroids)] = start;
  out.doubts[c] = doubt;
}

static __device__ void prepare_centroid(int c, const float* centroids, const float* shift, float scale,
                                        int k, int dimension, const PreparedCentroids& out,
                                        const RowNorms* rows) {
  int slices = (dimension + kSliceColumns - 1) / kSliceColumns;
  int stride = padded_dimension(dimension);
  int lane = threadIdx.x % 32;
  unsigned char* image = out.images + (size_t)(c / kTileCentroids) * slices * kSliceBytes;
  int row = image_row(c % kTileCentroids);
  const float infinity = __int_as_float(0x7f800000);
  double norm = 0;
  double residual = 0;
  for (int t = lane; t < stride; t += 32) {
    float value = t >= dimension ? 0.0f : c < k ? centroids[(size_t)c * dimension + t] : infinity;
    out.padded[(size_t)c * stride + t] = value;
    if (c < k && t < dimension) {
      double framed = (double)value * scale - (double)shift[t];
      __half screen = __double2half(fmax(-65504.0, fmin(65504.0, framed)));
      double rest = framed - (double)__half2float(screen);
      norm += framed * framed;
      residual += rest * rest;
      int column = image_column(t % kSliceColumns);
      *(__half*)(image + (size_t)(t / kSliceColumns) * kSliceBytes + image_offset(row, column)) =
          screen;
    }
  }
  norm = warp_sum(norm);
  residual = warp_sum(residual);
  if (lane != 0) {
    return;
  }
  if (c >= k) {
    out.half_norm[c] = infinity;
    if (out.starts != nullptr) {
      set_start(out, c, -infinity, infinity);
    }
    return;
  }
  float row_norm = typical(rows->norm_squares, rows->rows);
  float row_residual = typical(rows->residual_squares, rows->rows);
  double length = sqrt(norm) * (1 + 0x1p-40);
  double rest = sqrt(residual) * (1 + 0x1p-40);
  double gamma = accumulation_error(dimension);
  double error = row_norm * (rest + gamma * (length + rest)) + row_residual * length + 0x1p-22 * norm;
  out.half_norm[c] = __double2float_rd(norm / 2 - error * (1 + 0x1p-20));
  float offset = 0;
  if (out.starts == nullptr) {
    atomicMax(&out.bounds->max_norm, __float_as_uint(__double2float_ru(length)));
  } else {
    offset = offset_of(*out.bounds, *rows);
    double more = (error + gamma * (offset + norm / 2)) * (1 + 0x1p-10);
    float doubt = __double2float_ru(2 * more);
    set_start(out, c, __double2float_ru(offset - norm / 2 + more), doubt);
    atomicMax(&out.bounds->max_doubt, __float_as_uint(doubt));
  }
  double excess = rest - 0x1p-25 * sqrt((double)dimension);
  double relative = excess <= 0 ? 0 : excess / length * (1 + 0x1p-40);
  atomicMax(&out.bounds->max_relative, __float_as_uint(__double2float_ru(relative)));
  if (c == 0) {
    out.bounds->row_norm = row_norm;
    out.bounds->row_residual = row_residual;
    out.bounds->offset = offset;
  }
}

extern "C" __global__ void prepare_centroids(const float* centroids, const float* shift, float scale,
                                             int k, int dimension, PreparedCentroids out,
                                             const RowNorms* rows) {
  int tiles = (k + kTileCentroids - 1) / kTileCentroids;
  int c = (int)((blockIdx.x * blockDim.x + threadIdx.x) / 32);
  if (c < tiles * kTileCentroids) {
    prepare_centroid(c, centroids, shift, scale, k, dimension, out, rows);
  }
}

// The same for the centroids of many problems, [many.tiles * 128] of each array.
extern "C" __global__ void prepare_centroids_many(Problems many, int dimension, float* padded,
                                                  float* half_norm, unsigned char* images) {
  int c = (int)((blockIdx.x * blockDim.x + threadIdx.x) / 32);
  if (c >= many.tiles * kTileCentroids) {
    return;
  }
  int index = many.of_cluster(c);
  const Problem& p = many.all[index];
  int slices = (dimension + kSliceColumns - 1) / kSliceColumns;
  size_t first = p.first_cluster();
  PreparedCentroids out = {padded + first * padded_dimension(dimension),
                           half_norm + first,
                           images + (size_t)p.first_tile * slices * kSliceBytes,
                           many.bounds + index,
                           nullptr,
                           nullptr};
  prepare_centroid(c - (int)first, p.centroids, p.shift, p.scale, p.k, dimension, out, p.row_norms);
}

}  // namespace flashlloyd
