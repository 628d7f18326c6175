// Centroids, once a pass: padded float32 rows, half norms, screen images, bounds.
//
//   in   centroids [k x dimension] float32; shift [dimension] float32 (mean * scale)
//   out  padded    [groups * 8 x padded_dimension] float32, zeros in the padding
//        half_norm [tiles * 128] float32, ||c'||^2/2 less e_c; +inf behind k: padding never wins
//        images    see layout.cuh; zeroed by the caller
//        bounds    zeroed by the caller
// One warp a centroid. The image's float16 saturates: the residual norm then says so.
#include "kernels.cuh"

namespace flashlloyd {

static __device__ double warp_sum(double value) {
  for (int offset = 16; offset > 0; offset >>= 1) {
    value += __shfl_xor_sync(~0u, value, offset);
  }
  return value;
}

static __device__ void prepare_centroid(int c, const float* centroids, const float* shift, float scale,
                                        int k, int dimension, float* padded, float* half_norm,
                                        unsigned char* images, CentroidBounds* bounds,
                                        const RowNorms* rows) {
  int slices = (dimension + kSliceColumns - 1) / kSliceColumns;
  int stride = padded_dimension(dimension);
  int lane = threadIdx.x % 32;
  unsigned char* image = images + (size_t)(c / kTileCentroids) * slices * kSliceBytes;
  int row = image_row(c % kTileCentroids);
  double norm = 0;
  double residual = 0;
  for (int t = lane; t < stride; t += 32) {
    float value = c < k && t < dimension ? centroids[(size_t)c * dimension + t] : 0.0f;
    padded[(size_t)c * stride + t] = value;
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
    half_norm[c] = __int_as_float(0x7f800000);
    return;
  }
  // A third above the mean square: nearly all rows of a data set without outliers.
  double spare = rows->rows == 0 ? 0 : 4.0 / 3 / rows->rows;
  float row_norm = (float)sqrt(rows->norm_squares * spare);
  row_norm = row_norm < 1e18f ? row_norm : 0;  // NaN, too
  float row_residual = (float)sqrt(rows->residual_squares * spare);
  double length = sqrt(norm) * (1 + 0x1p-40);
  double rest = sqrt(residual) * (1 + 0x1p-40);
  double error = row_norm * (rest + accumulation_error(dimension) * (length + rest)) +
                 row_residual * length + 0x1p-22 * norm;
  half_norm[c] = __double2float_rd(norm / 2 - error * (1 + 0x1p-20));
  double excess = rest - 0x1p-25 * sqrt((double)dimension);
  double relative = excess <= 0 ? 0 : excess / length * (1 + 0x1p-40);
  atomicMax(&bounds->max_norm, __float_as_uint(__double2float_ru(length)));
  atomicMax(&bounds->max_relative, __float_as_uint(__double2float_ru(relative)));
  if (c == 0) {
    bounds->row_norm = row_norm;
    bounds->row_residual = row_residual;
  }
}

extern "C" __global__ void prepare_centroids(const float* centroids, const float* shift, float scale,
                                             int k, int dimension, float* padded, float* half_norm,
                                             unsigned char* images, CentroidBounds* bounds,
                                             const RowNorms* rows) {
  int tiles = (k + kTileCentroids - 1) / kTileCentroids;
  int c = (int)((blockIdx.x * blockDim.x + threadIdx.x) / 32);
  if (c < tiles * kTileCentroids) {
    prepare_centroid(c, centroids, shift, scale, k, dimension, padded, half_norm, images, bounds, rows);
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
  prepare_centroid(c - (int)first, p.centroids, p.shift, p.scale, p.k, dimension,
                   padded + first * padded_dimension(dimension), half_norm + first,
                   images + (size_t)p.first_tile * slices * kSliceBytes, many.bounds + index,
                   p.row_norms);
}

}  // namespace flashlloyd
