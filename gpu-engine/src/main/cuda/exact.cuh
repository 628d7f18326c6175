// The exactness contract on the device: canonical distance, fixed point, exact cost.
//
// Everything here gives the bits that the Java classes in io.flashlloyd.engine.exact give; the
// integration tests compare the two.
#pragma once
#include <cuda_fp16.h>

namespace flashlloyd {

typedef unsigned int u32;
typedef unsigned long long u64;

// x * 2^-896, exactly, from float32's fields moved to float64's: the integer units do in three
// operations what the slow float64 conversion does, and a following fma undoes the scale.
// Subnormal float32 become subnormal float64 of the right value, zero stays zero.
__device__ __forceinline__ double scaled_down(float x) {
  int bits = __float_as_int(x);
  return __hiloint2double((bits >> 3) & 0x8fffffff, bits << 29);
}

// Rows of the four element types: `get` as float32, which holds every value of each exactly, `scaled` as
// float64 divided by kUnscale, whatever is cheapest.
struct Float32 {
  static constexpr int kBytes = 4;
  static constexpr int kPerWord = 1;
  static constexpr double kUnscale = 0x1p896;
  static __device__ float get(u32 word, int) { return __uint_as_float(word); }
  static __device__ double scaled(u32 word, int) { return scaled_down(__uint_as_float(word)); }
};
struct Float16 {
  static constexpr int kBytes = 2;
  static constexpr int kPerWord = 2;
  static constexpr double kUnscale = 0x1p1008;
  static __device__ float get(u32 word, int i) {
    return __half2float(__ushort_as_half((unsigned short)(i ? word >> 16 : word & 0xffff)));
  }
  // float16's fields moved to float64's; the arithmetic shift brings the sign.
  static __device__ double scaled(u32 word, int i) {
    return __hiloint2double(((int)(i ? word : word << 16) >> 6) & 0x81fffc00, 0);
  }
};
struct Uint8 {
  static constexpr int kBytes = 1;
  static constexpr int kPerWord = 4;
  static constexpr double kUnscale = 1;
  static __device__ float get(u32 word, int i) {
    // 2^23 + byte is a float32 whose low bits are the byte: no slow integer conversion.
    return __uint_as_float(__byte_perm(word, 0x4b000000, 0x7650 + i)) - 8388608.0f;
  }
  static __device__ double scaled(u32 word, int i) {
    // As above, with 2^52.
    return __hiloint2double(0x43300000, (int)__byte_perm(word, 0, 0x4440 + i)) - 0x1p52;
  }
};
struct Int8 {
  static constexpr int kBytes = 1;
  static constexpr int kPerWord = 4;
  static constexpr double kUnscale = 1;
  static __device__ float get(u32 word, int i) {
    return __uint_as_float(__byte_perm(word ^ 0x80808080, 0x4b000000, 0x7650 + i)) - 8388736.0f;
  }
  static __device__ double scaled(u32 word, int i) {
    return __hiloint2double(0x43300000, (int)__byte_perm(word ^ 0x80808080, 0, 0x4440 + i)) -
           (0x1p52 + 128);
  }
};

// One coordinate of the canonical distance: the difference is rounded once, then one fma.
template <class T>
__device__ __forceinline__ double canonical_step(u32 word, int i, double c, double sum) {
  double difference = fma(T::scaled(word, i), T::kUnscale, -c);
  return fma(difference, difference, sum);
}

// D(x, c) of padded rows: zeros behind the dimension add nothing. `words` words of x, a multiple
// of 4, which one load brings.
template <class T>
__device__ double canonical_distance(const u32* x, const float* c, int words) {
  double sum = 0;
#pragma unroll 2
  for (int w = 0; w < words; w += 4) {
    uint4 piece = *(const uint4*)(x + w);
    u32 word[4] = {piece.x, piece.y, piece.z, piece.w};
    float4 values[T::kPerWord];
#pragma unroll
    for (int i = 0; i < T::kPerWord; i++) {
      values[i] = ((const float4*)(c + w * T::kPerWord))[i];
    }
#pragma unroll
    for (int i = 0; i < 4 * T::kPerWord; i++) {
      float4 v = values[i / 4];
      float value = i % 4 == 0 ? v.x : i % 4 == 1 ? v.y : i % 4 == 2 ? v.z : v.w;
      sum = canonical_step<T>(word[i / T::kPerWord], i % T::kPerWord, (double)value, sum);
    }
  }
  return sum;
}

// The same by 8 lanes, all of which get it. Each loads a part of the row and of the centroid, so that they are
// read in whole lines, where a lane alone would look up a line for every 16 bytes; the sum goes from lane to
// lane, in the order of the columns.
constexpr int kDistanceLanes = 8;

template <class T>
__device__ double shared_distance(const u32* x, const float* c, int words) {
  constexpr int kColumns = 4 * T::kPerWord;  // of 16 bytes
  int lane = threadIdx.x % kDistanceLanes;
  u32 members = 0xffu << (threadIdx.x % 32 - lane);
  int pieces = words / 4;
  double sum = 0;
  for (int first = 0; first < pieces; first += kDistanceLanes) {
    int piece = first + lane;
    double difference[kColumns] = {};
    if (piece < pieces) {
      uint4 loaded = *(const uint4*)(x + piece * 4);
      u32 word[4] = {loaded.x, loaded.y, loaded.z, loaded.w};
      __align__(16) float value[kColumns];
#pragma unroll
      for (int i = 0; i < kColumns; i += 4) {
        *(float4*)(value + i) = *(const float4*)(c + piece * kColumns + i);
      }
#pragma unroll
      for (int i = 0; i < kColumns; i++) {
        difference[i] = fma(T::scaled(word[i / T::kPerWord], i % T::kPerWord), T::kUnscale,
                            -(double)value[i]);
      }
    }
    int lanes = min(kDistanceLanes, pieces - first);
    for (int from = 0; from < lanes; from++) {
      double next = sum;
#pragma unroll
      for (int i = 0; i < kColumns; i++) {
        next = fma(difference[i], difference[i], next);
      }
      sum = __shfl_sync(members, next, from, kDistanceLanes);
    }
  }
  return sum;
}

// Training cost: of each cluster the exact sum of weight * D, a whole number of 2^-298, as 44 digits of 16
// bits, kept in wider words so that thousands of additions need no carry. CostSum.java says why that is
// all the bits there can be.
constexpr int kCostDigits = 44;
constexpr int kCostPoint = 298;

// Calls add(digit index, digit below 2^16) for each nonzero digit of weight * D.
template <class Add>
__device__ __forceinline__ void cost_digits(double distance, u64 weight, Add add) {
  u64 bits = (u64)__double_as_longlong(distance);
  u64 mantissa = (bits & 0xfffffffffffffull) | 1ull << 52;
  int shift = (int)(bits >> 52) - 1075 + kCostPoint;
  if (shift < 0) {
    mantissa = shift > -64 ? mantissa >> -shift : 0;  // zeros are lost: D is a multiple of 2^-298
    shift = 0;
  }
  u64 low = mantissa * weight;
  u64 high = __umul64hi(mantissa, weight);
  int bit = shift & 15;
  int digit = shift >> 4;
  u64 top = bit == 0 ? 0 : high >> (64 - bit);
  high = bit == 0 ? high : high << bit | low >> (64 - bit);
  low <<= bit;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    u32 value = (u32)(low >> (16 * i)) & 0xffff;
    if (value != 0) {
      add(digit + i, value);
    }
  }
  if (bit == 0 && high == 0) {
    return;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
    u32 value = (u32)(high >> (16 * i)) & 0xffff;
    if (value != 0) {
      add(digit + 4 + i, value);
    }
  }
  if (top != 0) {
    add(digit + 8, (u32)top);
  }
}

// The digits of one D in three pieces of 32 bits, for additions to global memory one row at a time, where five digits
// would be five of them. Piece i counts 2^(16 (digit + 2 i)); of 2^31 rows a word of 64 bits holds the sum.
struct CostPieces {
  int digit;
  u32 piece[3];

  __device__ __forceinline__ explicit CostPieces(double distance) {
    u64 bits = (u64)__double_as_longlong(distance);
    u64 mantissa = (bits & 0xfffffffffffffull) | 1ull << 52;
    int shift = (int)(bits >> 52) - 1075 + kCostPoint;
    if (shift < 0) {
      mantissa = shift > -64 ? mantissa >> -shift : 0;  // as above
      shift = 0;
    }
    int bit = shift & 15;
    digit = shift >> 4;
    u64 low = mantissa << bit;
    piece[0] = (u32)low;
    piece[1] = (u32)(low >> 32);
    piece[2] = (u32)(mantissa >> 32 >> (32 - bit));
  }
  // Adds piece i to a cluster's digits.
  __device__ __forceinline__ void add(u64* digits, int i) const {
    u32 value = i == 0 ? piece[0] : i == 1 ? piece[1] : piece[2];
    if (value != 0) {
      atomicAdd(digits + digit + 2 * i, (u64)value);
    }
  }
};

// weight * round(x * scale), half to even, as FixedPoint does it: 128 bits where `wide`, nothing where
// |x| * scale is 2^127 and more.
struct Wide {
  u64 low;
  u64 high;
};

__device__ __forceinline__ Wide quantize(float x, double scale, u64 weight, bool wide) {
  double scaled = (double)x * scale;
  int shift = 0;
  if (wide) {
    int exponent = (int)(((u64)__double_as_longlong(scaled) >> 52) & 0x7ff) - 1023;
    shift = max(0, exponent - 62);
    if (shift > 64) {
      return {0, 0};
    }
    // Beyond 2^62 a double is an integer with zeros below its 53 bits: the shift loses nothing.
    scaled *= __hiloint2double((1023 - shift) << 20, 0);
  }
  long long quotient = __double2ll_rn(scaled);
  Wide product;
  product.low = (u64)quotient * weight;
  product.high = (u64)__mul64hi(quotient, (long long)weight);
  if (shift == 64) {
    product = {0, product.low};
  } else if (shift > 0) {
    product.high = product.high << shift | product.low >> (64 - shift);
    product.low <<= shift;
  }
  return product;
}

__device__ __forceinline__ void add_wide(Wide& sum, Wide addend) {
  sum.low += addend.low;
  sum.high += addend.high + (sum.low < addend.low);
}

// Adds to a 128-bit sum in global memory; `high` is null where 64 bits are enough.
__device__ __forceinline__ void add_global(u64* low, u64* high, size_t index, Wide addend) {
  if (high == nullptr) {
    atomicAdd(low + index, addend.low);
    return;
  }
  u64 before = atomicAdd(low + index, addend.low);
  u64 carry = before + addend.low < before;
  if ((addend.high + carry) != 0) {
    atomicAdd(high + index, addend.high + carry);
  }
}

}  // namespace flashlloyd
