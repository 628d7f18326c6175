package io.flashlloyd.engine.cpu;

/**
 * Which centroids a screen score can rule out.
 *
 * <p>Notation. u = 2^-24. x' = scale * (x - centre), exact; x~ the float32 coordinates that the
 * screen uses; the same for centroids. s(c) = x'.c' - |c'|^2 / 2, so that
 *
 * <pre>  |x' - c'|^2 = |x'|^2 - 2 s(c).                                            (1)</pre>
 *
 * The screen computes s~(c), an approximation of bias + s(c): it rounds h = bias - |c~|^2 / 2 to
 * float32 and then does d float32 fused multiply-adds of x~_t, c~_t.
 *
 * <p><b>Rounding.</b> Each coordinate of x~ is off by at most u |x'_t| (one subtraction; scaling is
 * exact) unless it is subnormal, so |x~ - x'| <= u |x'|, the same for c~. Hence
 *
 * <ul>
 *   <li>|x~.c~ - x'.c'| <= 2u (1 + u) |x'||c'|, and ||c~|^2 - |c'|^2| / 2 <= u (1 + u) |c'|^2;
 *   <li>rounding h: at most u (bias + |c~|^2 / 2); its float64 evaluation is far below that;
 *   <li>each fused multiply-add rounds by at most u times its result, and every prefix of the sum
 *       is, by Cauchy-Schwarz, at most M = bias + |c~|^2 / 2 + |x~||c~|, times (1 + u)^d.
 * </ul>
 *
 * Together at most (d + 4) u (1 + 2 d u) (bias + |c| (|x| + |c| / 2)), norms being of the rounded
 * vectors. With kappa = (d + 9) u (1 + 4 (d + 9) u), which has room for the inflation of the norms,
 *
 * <pre>  |s~(c) - bias - s(c)| <= E(|x|, |c|) = kappa (bias + |c| (|x| + |c| / 2)) + tiny (2)</pre>
 *
 * tiny = 2^-80 covers results that are subnormal: norms are at most {@link #MAX_NORM} = 2^60 here,
 * so those errors are below 2 sqrt(d) 2^-150 2^60 + d 2^-149. Nothing overflows: all prefixes are
 * below 2^121 + bias.
 *
 * <p><b>The threshold.</b> Let f <= s~(b) for some centroid b. By (2) and (1), |x' - b'|^2 <= |x|^2
 * - 2 (f - bias - E(b)) = r^2. The canonical distance D has d + 2 float64 roundings of nonnegative
 * terms, so if D(c) <= D(b) then |x' - c'|^2 <= r^2 (1 + eta), eta = (d + 3) 2^-51. So c lies in a
 * ball around x, |c'| <= |x'| + r sqrt(1 + eta) = R by the triangle inequality: E(|x|, R) bounds
 * the error of every centroid that could win, and outlier centroids are ruled out whatever their
 * own error is. By (1) s(c) >= s(b) - eta r^2 / 2, and so
 *
 * <pre>  s~(c) >= f - E(|x|, |b|) - E(|x|, R) - eta r^2 / 2 = threshold.           (3)</pre>
 *
 * Every centroid that wins or ties by D has a score of at least this threshold.
 *
 * <p><b>Distances.</b> Let S >= s~(c) for some centroids c, and r > 0. Such a centroid is either
 * outside the ball |c'| <= |x'| + r, and then |x' - c'| > r, or by (1) and (2)
 *
 * <pre>  |x' - c'|^2 >= |x'|^2 - 2 (S - bias + E(|x|, |x| + r)).                     (4)</pre>
 *
 * The point's norm is an upper bound: of a float32 sum of d squares, inflated by (d + 4) 2u, and
 * |x'| >= |x~| (1 - u), so |x'|^2 is at least its square less (d + 6) 4u of it, and tiny. Centroids
 * that have no score are farther than 2^59 from any point that has some.
 */
final class ScreenBound {
  /** Larger scaled norms are not screened. */
  static final double MAX_NORM = 0x1p60;

  private static final double TINY = 0x1p-80;

  /** Rounding of the float64 arithmetic below, a few dozen operations on nonnegative terms. */
  private static final double SLACK = 0x1p-46;

  private final double kappa;
  private final double eta;
  private final double normUnits;
  private final double bias;
  private final double maxNorm;

  /**
   * @param bias of the frame
   * @param maxNorm largest norm of a screened centroid
   */
  ScreenBound(int dimension, double bias, double maxNorm) {
    double units = (dimension + 9) * 0x1p-24;
    this.kappa = units * (1 + 4 * units);
    this.eta = (dimension + 3) * 0x1p-51;
    this.normUnits = (dimension + 6) * 0x1p-22;
    this.bias = bias;
    this.maxNorm = maxNorm;
  }

  /** E(|x|, |c|), the most that a score is off by. */
  double error(double pointNorm, double centroidNorm) {
    return kappa * (bias + centroidNorm * (pointNorm + centroidNorm / 2)) + TINY;
  }

  /**
   * The thresholds (3) of some points. A plain loop over float64: C2 makes vectors of it.
   *
   * @param scores [count] at most the screen score of some centroid b of the point's
   * @param pointNorms [count] at least |x~|
   * @param centroidNorms [count] at least |b~|
   * @param reaches [count], written: R, for {@link #screens}
   * @param thresholds [count], written
   */
  void thresholds(
      int count,
      double[] scores,
      double[] pointNorms,
      double[] centroidNorms,
      double[] reaches,
      double[] thresholds) {
    for (int i = 0; i < count; i++) {
      double norm = pointNorms[i];
      double other = centroidNorms[i];
      double square = norm * norm;
      double error = kappa * (bias + other * (norm + other / 2)) + TINY;
      double rounding = SLACK * (square + Math.abs(scores[i]) + bias + error);
      double radius2 = Math.max(0, square - 2 * (scores[i] - bias - error)) + rounding;
      double reach = (norm + Math.sqrt(radius2 * (1 + eta))) * (1 + SLACK);
      double inBall = Math.min(reach, maxNorm);
      double errorInBall = kappa * (bias + inBall * (norm + inBall / 2)) + TINY;
      reaches[i] = reach;
      thresholds[i] = scores[i] - error - errorInBall - eta * radius2 / 2 - rounding;
    }
  }

  /**
   * Whether a point has a threshold: centroids beyond {@link #MAX_NORM} have no score, so they must
   * lie outside the ball. Where not, decide it by D over all centroids.
   */
  static boolean screens(double pointNorm, double reach) {
    return pointNorm <= MAX_NORM / 2 && reach <= MAX_NORM / 2;
  }

  /**
   * At most the scaled distances (4) of some points from every centroid whose score is at most the
   * point's, and from those that have none. A plain loop like that of the thresholds.
   *
   * @param scores [count]
   * @param pointNorms [count] at least |x~|; what is beyond {@link #MAX_NORM} / 2 has no bound
   * @param distances [count], written
   */
  void distancesBelow(int count, double[] scores, double[] pointNorms, double[] distances) {
    for (int i = 0; i < count; i++) {
      double norm = pointNorms[i];
      double square = norm * norm;
      double ahead = scores[i] - bias;
      double radius = Math.sqrt(Math.max(0, square - 2 * ahead));
      radius = Math.min(radius, MAX_NORM / 4);
      double inBall = Math.min(norm + radius, maxNorm) * (1 + SLACK);
      double error = kappa * (bias + inBall * (norm + inBall / 2)) + TINY;
      double rounding = SLACK * (square + Math.abs(scores[i]) + bias + error) + 4 * TINY;
      double below = square * (1 - normUnits) - 2 * (ahead + error) - rounding;
      distances[i] = Math.min(radius, Math.sqrt(Math.max(0, below))) * (1 - SLACK);
    }
  }

  /** An upper bound of the norm of a vector whose float32 sum of squares is {@code square}. */
  double normAbove(float square, int dimension) {
    return Math.sqrt((double) square * (1 + (dimension + 4) * 0x1p-23) + 0x1p-100);
  }
}
