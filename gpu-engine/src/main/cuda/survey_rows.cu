// What is asked of rows before there are centroids: statistics of their coordinates, hashes of their content.
#include "kernels.cuh"

namespace flashlloyd {

constexpr int kExponents = 256;
constexpr int kSurveyThreads = 256;
constexpr int kSurveyAhead = 4;  // rows whose loads a warp has under way

// The float32 exponents, as biased, that nonzero values of a type have.
template <class T>
struct Exponents {
  static constexpr int kFirst = 127;  // whole numbers of 1 to 255
  static constexpr int kCount = 8;
};
template <>
struct Exponents<Float16> {
  static constexpr int kFirst = 103;  // 2^-24 to 2^15
  static constexpr int kCount = 40;
};
template <>
struct Exponents<Float32> {
  static constexpr int kFirst = 0;
  static constexpr int kCount = kExponents;
};

// Adds what RowStatistics keep of rows [n x row_words] of T, padded with zeros, all finite. All results begin
// at zero:
//
//   largest [dimension]   |x| of the largest as float32 bits, above the complement of its first row's number
//   lowest [dimension]    256 minus the exponent of the lowest bit set anywhere
//   bins [dimension x 256] nonzero values by their biased exponent
//
// A warp takes 32 words of a row, a lane the same columns of row after row: its bins lie in a bank of shared
// memory of its own. Zeros count nothing, so rows and words that are not there are read as zeros.
template <class T>
__device__ void count_rows(const u32* __restrict__ rows, long long n, int row_words, u64* largest,
                           u32* lowest, u32* bins) {
  constexpr int kColumns = 32 * T::kPerWord;
  constexpr int kFirst = Exponents<T>::kFirst;
  constexpr int kCount = Exponents<T>::kCount;
  __shared__ u32 counts[kCount * kColumns];
  for (int i = threadIdx.x; i < kCount * kColumns; i += kSurveyThreads) {
    counts[i] = 0;
  }
  __syncthreads();

  int slices = (row_words + 31) / 32;
  int slice = blockIdx.x % slices;
  int lane = threadIdx.x % 32;
  int word = slice * 32 + lane;
  u32 step = gridDim.x / slices * (kSurveyThreads / 32);
  u32 top[T::kPerWord] = {};
  u32 top_row[T::kPerWord] = {};
  u32 low[T::kPerWord] = {};
  for (u64 first = blockIdx.x / slices * (kSurveyThreads / 32) + threadIdx.x / 32; first < n;
       first += (u64)step * kSurveyAhead) {
    u32 words[kSurveyAhead];
#pragma unroll
    for (int j = 0; j < kSurveyAhead; j++) {
      u64 row = first + (u64)j * step;
      words[j] = row < n && word < row_words ? rows[row * row_words + word] : 0;
    }
#pragma unroll
    for (int j = 0; j < kSurveyAhead; j++) {
#pragma unroll
      for (int i = 0; i < T::kPerWord; i++) {
        u32 magnitude = __float_as_uint(T::get(words[j], i)) & 0x7fffffff;
        if (magnitude != 0) {
          int biased = magnitude >> 23;
          u32 mantissa = biased == 0 ? magnitude : (magnitude & 0x7fffff) | 0x800000;
          atomicAdd(&counts[(biased - kFirst) * kColumns + i * 32 + lane], 1);
          // The value is mantissa * 2^(max(biased, 1) - 150).
          low[i] = max(low[i], 256 + 150 - max(biased, 1) - (__ffs(mantissa) - 1));
          if (magnitude > top[i]) {
            top[i] = magnitude;
            top_row[i] = (u32)(first + (u64)j * step);
          }
        }
      }
    }
  }
  __syncthreads();

#pragma unroll
  for (int i = 0; i < T::kPerWord; i++) {
    int t = word * T::kPerWord + i;
    if (top[i] != 0) {  // else the column may be none of the dimension
      atomicMax(&largest[t], (u64)top[i] << 32 | ~top_row[i]);
      atomicMax(&lowest[t], low[i]);
    }
  }
  for (int i = threadIdx.x; i < kCount * kColumns; i += kSurveyThreads) {
    int column = i % kColumns;
    long long t = (slice * 32 + column % 32) * T::kPerWord + column / 32;
    if (counts[i] != 0) {
      atomicAdd(&bins[t * kExponents + kFirst + i / kColumns], counts[i]);
    }
  }
}

#define COUNT_ROWS(name, type)                                                                          \
  extern "C" __global__ void __launch_bounds__(kSurveyThreads)                                          \
      name(const u32* rows, long long n, int row_words, u64* largest, u32* lowest, u32* bins) { \
    count_rows<type>(rows, n, row_words, largest, lowest, bins);                             \
  }
COUNT_ROWS(count_rows_float32, Float32)
COUNT_ROWS(count_rows_float16, Float16)
COUNT_ROWS(count_rows_uint8, Uint8)
COUNT_ROWS(count_rows_int8, Int8)

// rows [n x row_words] of T, padded -> hashes [n] of their content, as ContentHash makes them. A thread a row:
// 16-byte pieces of neighbouring rows meet in the cache.
template <class T>
__device__ void hash_rows(const uint4* __restrict__ rows, long long n, int row_words, int dimension, u64 start,
                          u64* hashes) {
  constexpr u64 kGolden = 0x9e3779b97f4a7c15;
  for (u64 row = blockIdx.x * (u64)blockDim.x + threadIdx.x; row < n; row += (u64)gridDim.x * blockDim.x) {
    u64 hash = start;
    for (int piece = 0; piece < row_words / 4; piece++) {
      uint4 values = rows[row * (row_words / 4) + piece];
      u32 words[4] = {values.x, values.y, values.z, values.w};
#pragma unroll
      for (int i = 0; i < 4 * T::kPerWord; i++) {
        if (piece * 4 * T::kPerWord + i < dimension) {
          int bits = __float_as_int(T::get(words[i / T::kPerWord], i % T::kPerWord));
          long long content = bits == (int)0x80000000 ? 0 : bits;  // -0 is +0; the sign goes on in 64 bits
          u64 mixed = (hash ^ (u64)content) * kGolden;
          hash = mixed ^ mixed >> 32;
        }
      }
    }
    u64 mixed = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    hashes[row] = mixed ^ mixed >> 31;
  }
}

#define HASH_ROWS(name, type)                                                                              \
  extern "C" __global__ void name(const uint4* rows, long long n, int row_words, int dimension, u64 start, u64* hashes) { \
    hash_rows<type>(rows, n, row_words, dimension, start, hashes);                                         \
  }
HASH_ROWS(hash_rows_float32, Float32)
HASH_ROWS(hash_rows_float16, Float16)
HASH_ROWS(hash_rows_uint8, Uint8)
HASH_ROWS(hash_rows_int8, Int8)

}  // namespace flashlloyd
