// Which centroids the screen can rule out: the proof.
//
// Frame. x' = (x - mean) * scale and c' = (c - mean) * scale as real numbers; distances in the frame
// are distances times scale, so the nearest centroid is the same. Score s(x, c) = x'.c' - ||c'||^2/2;
// ||x' - c'||^2 = ||x'||^2 - 2 s, so the nearest centroid has the largest score.
//
// What the tensor cores compute is s~ = fl(x~.c~) - fl(||c'||^2/2) with float16 x~, c~. With
//   r = ||x' - x~||                            (0 for data that is float16 or integers)
//   ||c' - c~|| <= rho ||c'|| + a              (rho measured over these centroids, a = 2^-25 sqrt(d),
//                                               what float16 subnormals may cost)
// and ||c'|| <= R:
//   |x'.c' - x~.c~| <= |(x' - x~).c'| + |x~.(c' - c~)| <= r R + ||x~|| (rho R + a)
// Accumulation: products of float16 are exact in float32. A k-step of 16 adds 16 products to the
// accumulator; we assume no more than that each of the 17 summands and the result are truncated
// to 2^-23 of the largest magnitude among them (hardware keeps more bits than that). All
// magnitudes are at most ||x~|| ||c~|| (Cauchy-Schwarz for partial sums), so d/16 k-steps err by at
// most 18 (d/16 + 1) 2^-23 ||x~|| ||c~||, and ||c~|| <= (1 + rho) R + a.
// Half norm and subtraction: each rounds once in float32: 2^-22 (||x~|| ||c~|| + R^2/2) covers both.
// The sum of these is e(x, c), with ||c'|| itself for R, or E(x, R) for all c with ||c'|| <= R.
//
// Where the error goes. Most rows of a data set have ||x~|| <= X and r <= r_X for some typical X, r_X
// (row_norm, row_residual; measured in the pass before). For them e(x, c) <= e_c, the same with X and
// r_X, which depends on the centroid alone: so the half norm that the screen subtracts is
// ||c'||^2/2 - e_c, rounded down, and the computed score s~ is never below the true one. A centroid
// with a small norm thus pays its own small error and not that of the largest. For other rows what is
// missing is at most
//   extra(x, R) = (||x~|| - X)+ (rho R + a + gamma ((1 + rho) R + a)) + (r - r_X)+ R
// with gamma = 18 (d/16 + 1) 2^-23 + 2^-22.
//
// Starts. Where the screen names the centroid (nearest_sm90.cu), the accumulators begin at
//   a_c = offset - ||c'||^2/2 + f_c, rounded up,   instead of zero, and nothing is subtracted after.
// a_c is one more summand of each k-step and of every partial sum, so the accumulation errs by at most
// gamma (||x~|| ||c~|| + |a_c|), the rounding of a_c included, where |a_c| <= offset + ||c'||^2/2 + f_c. Hence
//   f_c = (e_c + gamma (offset + ||c'||^2/2)) (1 + 2^-10)
// is enough as long as gamma < 2^-11 (d <= 128 here). Again s~, less the offset, is never below the true
// score but for extra(x, R), and never above it by more than 2 f_c + extra(x, R). What counts as zero there
// is below the offset; the offset is taken away rounding up where a score is to be an upper bound, and down
// where a lower one, so that what follows holds for it as well.
//
// Without a distance. Some centroid has a computed score of at least v, less what taking the offset away
// from v rounded, 2^-23 (|v| + offset). But for that, its true score is at least
// l = v - 2 max f - extra (max over all centroids), what could win has a true score of
// l - eps (||x'||^2/2 - l) at least (eps: below), and so a computed one of that less another extra.
// This is the threshold where b, which the distance is of, may not be the one with the best score.
//
// Certain without a distance. If c could win or tie against b then
//   s(x, c) >= s(x, b) - eps ||x' - b'||^2 / 2,   ||x' - b'||^2 = ||x'||^2 - 2 s(x, b);
// so b is nearest where, for all others c and all scores less the offset,
//   s~_b - 2 f_b - extra > s~_c + extra + eps (||x'||^2 / 2 - s(x, b)).
//
// Ruling out. Let b be any centroid with canonical distance D_b to x, computed. A centroid c with
// canonical distance at most D_b has ||x' - c'||^2 <= D_b scale^2 (1 + eps) =: Q, where
// eps = (2 d + 16) 2^-53 covers the rounding of both canonical distances. Hence
//   ||c'|| <= ||x'|| + sqrt(Q)   and of course   ||c'|| <= max over all centroids:   R = the smaller
//   s(x, c) >= (||x'||^2 - Q) / 2
//   s~(x, c) >= (||x'||^2 - Q) / 2 - extra(x, R) =: threshold.
// So every centroid that could win or tie has a computed score of at least the threshold, whatever
// kernel computed it.
//
// Distances of all others. Let S be at least the computed score of some centroids c, which are never below the
// true ones but for extra(x, R), R = max over these. So s(x, c) <= S + extra, and by the definition of a score
//   ||x' - c'||^2 >= ||x'||^2 - 2 (S + extra),
// whose root, divided by the scale (a power of two), is at most ||x - c||: a number without a frame, which
// bounds.cuh carries over to the centroids of later passes.
//
// ||x'||^2 is summed in float64 and rounded once to float32: its relative error is
// below 2^-23. The bound's own rounding: upper bounds are rounded up, and the float64 difference is
// lowered by 2^-40 of its terms, far above its error.
#pragma once
#include "layout.cuh"

namespace flashlloyd {

struct ScreenFrame {
  float scale;            // a power of two
  int dimension;
  double scale_squared;
};

// gamma; exact in float32 for every dimension below 2^20.
__host__ __device__ constexpr double accumulation_error(int dimension) {
  return (18.0 * (dimension / 16 + 2) + 2) * 0x1p-23;
}

// A float32 at least sqrt(x) for any float64 x >= 0: each step rounds up.
__device__ __forceinline__ float sqrt_up(double x) {
  return __fsqrt_ru(__double2float_ru(x));
}

// extra(x, reach), rounded up.
__device__ __forceinline__ float extra_error(float norm, float residual, float reach,
                                             const CentroidBounds* bounds, int dimension) {
  float rho = __uint_as_float(bounds->max_relative);
  float absolute = 0x1.00002p-25f * __fsqrt_ru((float)dimension) + 1e-30f;
  float norm_excess = fmaxf(0, __fadd_ru(__fadd_ru(norm, residual), -bounds->row_norm));
  float residual_excess = fmaxf(0, __fadd_ru(residual, -bounds->row_residual));
  float spread = __fmaf_ru(rho, reach, absolute);
  float rate = __fmaf_ru((float)accumulation_error(dimension), __fadd_ru(reach, spread), spread);
  return __fmaf_ru(norm_excess, rate, __fmul_ru(residual_excess, reach));
}

// Relative error of a norm's square that is a float32.
constexpr double kNormError = 0x1p-23;

// Whether the best centroid, of this score at least `doubt` above the true one, is nearest.
__device__ __forceinline__ bool is_certain(float best, float doubt, float second, float norm_squared,
                                           float residual, const CentroidBounds* bounds, int dimension) {
  float norm = sqrt_up(norm_squared * (1 + kNormError) + 1e-30);
  float extra = extra_error(norm, residual, __uint_as_float(bounds->max_norm), bounds, dimension);
  double low = (double)best - doubt - extra;
  double slack = 0x1p-40 * (norm_squared + fabs(low));
  return low - slack > (double)second + extra;
}

// What a centroid must score to win or tie where some centroid has this score, rounded up before.
__device__ __forceinline__ float score_floor(float score, float norm_squared, float residual,
                                             const CentroidBounds* bounds, int dimension) {
  float norm = sqrt_up(norm_squared * (1 + kNormError) + 1e-30);
  float extra = extra_error(norm, residual, __uint_as_float(bounds->max_norm), bounds, dimension);
  double low = (double)score - __uint_as_float(bounds->max_doubt) - 2.0 * extra;
  double slack = 0x1p-40 * norm_squared + 0x1p-22 * (fabs(score) + fabs(low) + bounds->offset);
  return __double2float_rd(low - slack);
}

// At most ||x - c|| of every centroid c whose computed score is at most this; 0 where that says nothing.
__device__ __forceinline__ float distance_floor(float score, float norm_squared, float residual,
                                                const CentroidBounds* bounds, ScreenFrame frame) {
  float norm = sqrt_up(norm_squared * (1 + kNormError) + 1e-30);
  float reach = __uint_as_float(bounds->max_norm);
  double highest = (double)score + extra_error(norm, residual, reach, bounds, frame.dimension);
  double slack = 0x1p-40 * (norm_squared + fabs(highest)) + 1e-30;
  double square = norm_squared * (1 - kNormError) - 2 * highest - slack;
  // Not a number where the score is infinite.
  return square > 0 ? fminf(__double2float_rd(sqrt(square) / frame.scale * (1 - 0x1p-50)), 0x1.fffffep127f)
                    : 0;
}

// The threshold for a row, rounded down; -inf where the bound says nothing. What only has to be large
// enough is float32 rounded up; the difference that matters is float64.
__device__ __forceinline__ float score_threshold(double distance, float norm_squared, float residual,
                                                 const CentroidBounds* bounds, ScreenFrame frame) {
  double low = norm_squared * (1 - kNormError) - 1e-30;
  double nearest = distance * frame.scale_squared * (1 + (2.0 * frame.dimension + 16) * 0x1p-53);
  float norm = sqrt_up(norm_squared * (1 + kNormError) + 1e-30);
  float reach = fminf(__fadd_ru(norm, sqrt_up(nearest)), __uint_as_float(bounds->max_norm));
  float error = extra_error(norm, residual, reach, bounds, frame.dimension);
  double slack = 0x1p-40 * (norm_squared + nearest);
  float threshold = __double2float_rd((low - nearest) / 2 - (double)error - slack);
  return threshold == threshold ? threshold : -__int_as_float(0x7f800000);
}

}  // namespace flashlloyd
