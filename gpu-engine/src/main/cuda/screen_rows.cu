// Rows as they came, once a chunk: padding to 16-byte rows, and float16 copies for the screen.
#include "kernels.cuh"

namespace flashlloyd {

// rows [n x row_bytes] bytes -> padded [n x padded_bytes], zeros behind; padded_bytes % 16 == 0.
extern "C" __global__ void pad_rows(const unsigned char* rows, long long n, int row_bytes,
                                    int padded_bytes, unsigned char* padded) {
  int words = padded_bytes / 4;
  long long total = n * words;
  for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < total;
       i += (long long)gridDim.x * blockDim.x) {
    long long row = i / words;
    int at = (int)(i - row * words) * 4;
    u32 word = 0;
    for (int b = 0; b < 4; b++) {
      if (at + b < row_bytes) {
        word |= (u32)rows[row * row_bytes + at + b] << (8 * b);
      }
    }
    ((u32*)padded)[i] = word;
  }
}

// rows [n x row_words] of T, padded -> copies [n x stride] float16 = (x - mean) * scale, rounded and
// saturated, and residuals [n] = ||x' - x~||, rounded up. One warp a row.
template <class T>
__device__ void copy_for_screen(const u32* rows, long long n, int row_words, const float* shift,
                                float scale, int dimension, __half* copies, int stride,
                                float* residuals) {
  int lane = threadIdx.x % 32;
  long long warps = (long long)gridDim.x * blockDim.x / 32;
  for (long long row = (blockIdx.x * (long long)blockDim.x + threadIdx.x) / 32; row < n;
       row += warps) {
    double residual = 0;
    for (int t = lane * 2; t < stride; t += 64) {
      __half2 pair = __floats2half2_rn(0.0f, 0.0f);
#pragma unroll
      for (int i = 0; i < 2; i++) {
        if (t + i < dimension) {
          u32 word = rows[row * row_words + (t + i) / T::kPerWord];
          float x = T::get(word, (t + i) % T::kPerWord);
          float framed = fmaf(x, scale, -shift[t + i]);
          __half screen = __float2half_rn(fmaxf(-65504.0f, fminf(65504.0f, framed)));
          double rest = fma((double)x, (double)scale, -(double)shift[t + i]) -
                        (double)__half2float(screen);
          residual = fma(rest, rest, residual);
          if (i == 0) {
            pair.x = screen;
          } else {
            pair.y = screen;
          }
        }
      }
      *(__half2*)(copies + row * stride + t) = pair;
    }
    for (int offset = 16; offset > 0; offset >>= 1) {
      residual += __shfl_xor_sync(~0u, residual, offset);
    }
    if (lane == 0) {
      residuals[row] = __double2float_ru(sqrt(residual) * (1 + 0x1p-30));
    }
  }
}

#define COPY_FOR_SCREEN(name, type)                                                               \
  extern "C" __global__ void name(const u32* rows, long long n, int row_words, const float* shift, \
                                  float scale, int dimension, __half* copies, int stride,         \
                                  float* residuals) {                                             \
    copy_for_screen<type>(rows, n, row_words, shift, scale, dimension, copies, stride, residuals); \
  }
COPY_FOR_SCREEN(screen_copy_float32, Float32)
COPY_FOR_SCREEN(screen_copy_uint8, Uint8)
COPY_FOR_SCREEN(screen_copy_int8, Int8)

}  // namespace flashlloyd
