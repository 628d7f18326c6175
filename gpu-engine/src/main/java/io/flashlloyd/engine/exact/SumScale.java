package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.Centroids;
import java.io.Serializable;

/**
 * The fixed-point scale of each dimension's sums, a function of the multiset of rows only (design
 * section 2.4). A coordinate x counts as the integer {@code round(x * 2^exponent(t))}, half to
 * even; sums over all rows stay below 2^63, or, where the scale is wide, below 2^127.
 */
public final class SumScale implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A quantum this many bits below the median magnitude is as good as lossless. */
  private static final int MEDIAN_BITS = 30;

  private final int[] exponents;
  private final float[] maxAbs;
  private final int weightBits;
  private final boolean wide;
  private final int costShift;

  private SumScale(int[] exponents, float[] maxAbs, int weightBits, boolean wide, int costShift) {
    this.exponents = exponents;
    this.maxAbs = maxAbs;
    this.weightBits = weightBits;
    this.wide = wide;
    this.costShift = costShift;
  }

  /** Chooses the scale for data with these statistics. */
  public static SumScale of(RowStatistics statistics) {
    int dimension = statistics.dimension();
    int weightBits = bitsFor(statistics.totalWeight());
    int[] exponents = new int[dimension];
    float[] maxAbs = new float[dimension];
    boolean wide = false;
    for (int t = 0; t < dimension; t++) {
      maxAbs[t] = statistics.maxAbs(t);
      if (maxAbs[t] == 0) {
        continue;
      }
      // |x| < 2^magnitude and W <= 2^weightBits, so |sum| <= 2^(magnitude + weightBits + exponent).
      int magnitude = Math.getExponent((double) maxAbs[t]) + 1;
      int lossless = -statistics.lowestBit(t);
      int oneLimb = 62 - magnitude - weightBits;
      if (lossless <= oneLimb) {
        exponents[t] = lossless;
      } else if (oneLimb >= MEDIAN_BITS - statistics.medianExponent(t)) {
        exponents[t] = oneLimb;
      } else {
        exponents[t] = Math.min(lossless, 126 - magnitude - weightBits);
        wide = true;
      }
    }
    return new SumScale(exponents, maxAbs, weightBits, wide, 0);
  }

  /**
   * The same scale for data whose cost, as users see it, is 2 to minus {@code shift} times the sum
   * of weight times distance: weights were multiplied by a power of two, or distances are twice
   * what is reported.
   */
  public SumScale withCostShift(int shift) {
    return new SumScale(exponents, maxAbs, weightBits, wide, shift);
  }

  /** The smallest b with {@code weight <= 2^b}. */
  private static int bitsFor(long weight) {
    return weight <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(weight - 1);
  }

  public int dimension() {
    return exponents.length;
  }

  /** The scale of dimension {@code t} is 2 to this. */
  public int exponent(int t) {
    return exponents[t];
  }

  /** Whether some dimension's sums need 128 bits; then all are kept in 128. */
  public boolean wide() {
    return wide;
  }

  /**
   * Whether every coordinate is known to be a multiple of its dimension's quantum, so that
   * quantizing it loses nothing. Only asked of scales of one limb.
   */
  public boolean lossless() {
    for (int t = 0; t < exponents.length; t++) {
      // A dimension that lost bits was given all that a limb has.
      int magnitude = Math.getExponent((double) maxAbs[t]) + 1;
      if (maxAbs[t] != 0 && exponents[t] >= 62 - magnitude - weightBits) {
        return false;
      }
    }
    return true;
  }

  /** The largest |x_t| of the data. */
  public float maxAbs(int t) {
    return maxAbs[t];
  }

  /**
   * The training cost against these centroids is kept as an integer multiple of 2 to minus this, in
   * 192 bits: no distance exceeds the sum of (max|x_t| + max|c_t|)^2, W times that stays below
   * 2^191.
   */
  public int costExponent(Centroids centroids) {
    int dimension = dimension();
    float[] values = centroids.values();
    float[] maxCentroid = new float[dimension];
    for (int row = 0; row < values.length; row += dimension) {
      for (int t = 0; t < dimension; t++) {
        // A branch that is hardly ever taken is twice as fast here as Math.max.
        float magnitude = Math.abs(values[row + t]);
        if (magnitude > maxCentroid[t]) {
          maxCentroid[t] = magnitude;
        }
      }
    }
    double bound = 0;
    for (int t = 0; t < dimension; t++) {
      double reach = (double) maxAbs[t] + maxCentroid[t];
      bound += reach * reach;
    }
    if (bound == 0) {
      return 0;
    }
    // One more bit covers the rounding of this bound and of the distances.
    int magnitude = Math.getExponent(bound) + 2;
    return 190 - magnitude - weightBits;
  }

  /** A cost as users see it is the integer of {@link #costExponent} times 2 to minus this. */
  public int costUnit(Centroids centroids) {
    return costExponent(centroids) + costShift;
  }
}
