// Rows as they came, once a chunk: padding to 16-byte rows, float16 copies for the screen, norms.
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
// saturated, residuals [n] = ||x' - x~||, rounded up, and norms [n] = ||x'||^2. One warp a row.
template <class T>
__device__ void copy_for_screen(const u32* rows, long long n, int row_words, const float* shift,
                                float scale, int dimension, __half* copies, int stride,
                                float* residuals, float* norms) {
  int lane = threadIdx.x % 32;
  long long warps = (long long)gridDim.x * blockDim.x / 32;
  for (long long row = (blockIdx.x * (long long)blockDim.x + threadIdx.x) / 32; row < n;
       row += warps) {
    double residual = 0;
    double norm = 0;
    for (int t = lane * 2; t < stride; t += 64) {
      __half2 pair = __floats2half2_rn(0.0f, 0.0f);
#pragma unroll
      for (int i = 0; i < 2; i++) {
        if (t + i < dimension) {
          u32 word = rows[row * row_words + (t + i) / T::kPerWord];
          float x = T::get(word, (t + i) % T::kPerWord);
          float framed = fmaf(x, scale, -shift[t + i]);
          __half screen = __float2half_rn(fmaxf(-65504.0f, fminf(65504.0f, framed)));
          double exact = fma((double)x, (double)scale, -(double)shift[t + i]);
          double rest = exact - (double)__half2float(screen);
          residual = fma(rest, rest, residual);
          norm = fma(exact, exact, norm);
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
      norm += __shfl_xor_sync(~0u, norm, offset);
    }
    if (lane == 0) {
      residuals[row] = __double2float_ru(sqrt(residual) * (1 + 0x1p-30));
      norms[row] = (float)norm;
    }
  }
}

#define COPY_FOR_SCREEN(name, type)                                                               \
  extern "C" __global__ void name(const u32* rows, long long n, int row_words, const float* shift, \
                                  float scale, int dimension, __half* copies, int stride,         \
                                  float* residuals, float* norms) {                               \
    copy_for_screen<type>(rows, n, row_words, shift, scale, dimension, copies, stride, residuals, \
                          norms);                                                                 \
  }
COPY_FOR_SCREEN(screen_copy_float32, Float32)
COPY_FOR_SCREEN(screen_copy_uint8, Uint8)
COPY_FOR_SCREEN(screen_copy_int8, Int8)

// Rows that the screen takes as they are: norms [n] = ||x - middle||^2 alone. 8 lanes a row, 16 bytes a load.
template <class T>
__device__ void row_norms(const uint4* rows, long long n, int row_words, int dimension, float middle,
                          float* norms) {
  int lane = threadIdx.x % 8;
  long long step = (long long)gridDim.x * blockDim.x / 8;
  long long padded_n = (n + 3) / 4 * 4;  // whole warps stay together for the shuffles
  for (long long row = (blockIdx.x * (long long)blockDim.x + threadIdx.x) / 8; row < padded_n;
       row += step) {
    double norm = 0;
    for (int piece = lane; row < n && piece < row_words / 4; piece += 8) {
      uint4 values = rows[row * (row_words / 4) + piece];
      u32 words[4] = {values.x, values.y, values.z, values.w};
#pragma unroll
      for (int i = 0; i < 4 * T::kPerWord; i++) {
        double x = (double)(T::get(words[i / T::kPerWord], i % T::kPerWord) - middle);
        if (piece * 4 * T::kPerWord + i < dimension) {
          norm = fma(x, x, norm);
        }
      }
    }
    for (int offset = 4; offset > 0; offset >>= 1) {
      norm += __shfl_xor_sync(~0u, norm, offset);
    }
    if (lane == 0 && row < n) {
      norms[row] = (float)norm;
    }
  }
}

#define ROW_NORMS(name, type)                                                                     \
  extern "C" __global__ void name(const uint4* rows, long long n, int row_words, int dimension,   \
                                  float middle, float* norms) {                                   \
    row_norms<type>(rows, n, row_words, dimension, middle, norms);                                \
  }
ROW_NORMS(row_norms_float16, Float16)
ROW_NORMS(row_norms_uint8, Uint8)
ROW_NORMS(row_norms_int8, Int8)

}  // namespace flashlloyd
