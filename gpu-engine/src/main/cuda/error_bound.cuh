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
// The sum of these is E(R).
//
// Ruling out. Let b be any centroid with canonical distance D_b to x, computed. A centroid c with
// canonical distance at most D_b has ||x' - c'||^2 <= D_b scale^2 (1 + eps) =: Q, where
// eps = (2 d + 16) 2^-53 covers the rounding of both canonical distances. Hence
//   ||c'|| <= ||x'|| + sqrt(Q)   and of course   ||c'|| <= max over all centroids:   R = the smaller
//   s(x, c) >= (||x'||^2 - Q) / 2
//   s~(x, c) >= (||x'||^2 - Q) / 2 - E(R) =: threshold.
// So every centroid that could win or tie has a computed score of at least the threshold, whatever
// kernel computed it. ||x'||^2 is summed in float32 from at least 4 partial sums, each term rounded
// three times: its relative error is below (d/4 + 8) 2^-23. Rounding in this file is float64 and the
// result is lowered by a relative 2^-40 of its terms, far above float64's error.
#pragma once
#include "layout.cuh"

namespace flashlloyd {

struct ScreenFrame {
  float scale;            // a power of two
  int dimension;
  double scale_squared;
};

// The threshold for a row, rounded down; -inf where the bound says nothing.
__device__ __forceinline__ float score_threshold(double distance, float norm_squared, float residual,
                                                 const CentroidBounds* bounds, ScreenFrame frame) {
  double d = frame.dimension;
  double rho = __uint_as_float(bounds->max_relative);
  double absolute = 0x1p-25 * sqrt(d) + 1e-30;
  double norm_error = (d / 4 + 8) * 0x1p-23;
  double high = norm_squared * (1 + norm_error) + 1e-30;
  double low = norm_squared * (1 - norm_error) - 1e-30;
  double nearest = distance * frame.scale_squared * (1 + (2 * d + 16) * 0x1p-53);
  double norm = sqrt(high) * (1 + 0x1p-40);
  double reach = fmin(norm + sqrt(nearest) * (1 + 0x1p-40),
                      (double)__uint_as_float(bounds->max_norm));
  double screen_norm = norm + residual;
  double screen_reach = (1 + rho) * reach + absolute;
  double product = screen_norm * screen_reach;
  double error = residual * reach + screen_norm * (rho * reach + absolute) +
                 18 * (d / 16 + 1) * 0x1p-23 * product + 0x1p-22 * (product + reach * reach / 2);
  double slack = 0x1p-40 * (high + nearest + error);
  float threshold = __double2float_rd((low - nearest) / 2 - error - slack);
  return threshold == threshold ? threshold : -__int_as_float(0x7f800000);
}

}  // namespace flashlloyd
