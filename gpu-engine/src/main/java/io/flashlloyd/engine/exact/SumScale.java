package io.flashlloyd.engine.exact;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The fixed-point scale of each dimension's sums, a function of the multiset of rows only (contract
 * section 4). A coordinate x counts as the integer {@code round(x * 2^exponent(t))}, half to
 * even; sums over all rows stay below 2^63, or, where the scale is wide, below 2^127.
 *
 * <p><b>The rule.</b> In a dimension let m be the least with {@code |x_t| < 2^m} for all rows,
 * {@code W <= 2^wb} the total weight, and
 *
 * <pre>  enough = max(30 - e(1/2), 24 - e(1/32))</pre>
 *
 * where 2^e(p) is the largest power of two that all but a share p of the nonzero |x_t| reach: by
 * weight for p = 1/2, by number for p = 1/32. The exponent is the first of these that there is:
 *
 * <ol>
 *   <li>what loses nothing, if that is at most 62 - m - wb: one limb;
 *   <li>62 - m - wb, if that is at least enough: one limb;
 *   <li>126 - m - wb, or less where that loses nothing, if it is at least enough, or loses nothing:
 *       two limbs;
 *   <li>the same for the m of the values below 2^(126 - wb - enough). The others, and those that
 *       are no multiples of the quantum, are <b>odd</b>: they count as zero here and are summed
 *       apart, exactly ({@link io.flashlloyd.engine.OddSums}), so nothing is lost.
 * </ol>
 *
 * <p><b>What it is worth.</b> Sums of W values below 2^m at 2^(62 - m - wb) stay below 2^62, those
 * of two limbs below 2^126. Where a sum is not exact, each value is off by at most half a quantum,
 * and so is a cluster's mean: 2^-31 of the median magnitude at most, and all but a 32nd of the
 * nonzero values keep all their 24 bits, whatever they weigh. Rows of any magnitude, added to the
 * data, leave sums exact, or change that little: as long as they are at most 15 times as many as
 * the rows that were nonzero in a dimension, e(1/32) with them is at most e(1/2) without, so the
 * quantum stays at 2^-24 of the median of the data without them, or below.
 */
public final class SumScale implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A quantum this many bits below the median magnitude is as good as lossless. */
  private static final int MEDIAN_BITS = 30;

  /** Of a float32: the small values keep as many. */
  private static final int FLOAT_BITS = 24;

  private final int[] exponents;
  private final float[] maxAbs;
  private final float[] limits;
  private final int weightBits;
  private final boolean wide;
  private final int costShift;

  private SumScale(
      int[] exponents,
      float[] maxAbs,
      float[] limits,
      int weightBits,
      boolean wide,
      int costShift) {
    this.exponents = exponents;
    this.maxAbs = maxAbs;
    this.limits = limits;
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
    float[] limits = new float[dimension];
    Arrays.fill(limits, Float.POSITIVE_INFINITY);
    boolean wide = false;
    boolean odd = false;
    for (int t = 0; t < dimension; t++) {
      maxAbs[t] = statistics.maxAbs(t);
      if (maxAbs[t] == 0) {
        continue;
      }
      // |x| < 2^magnitude and W <= 2^weightBits, so |sum| <= 2^(magnitude + weightBits + exponent).
      int magnitude = Math.getExponent((double) maxAbs[t]) + 1;
      int lossless = -statistics.lowestBit(t);
      int enough =
          Math.max(
              MEDIAN_BITS - statistics.medianExponent(t), FLOAT_BITS - statistics.lowExponent(t));
      int oneLimb = 62 - magnitude - weightBits;
      if (lossless <= oneLimb) {
        exponents[t] = lossless;
        continue;
      }
      if (oneLimb >= enough) {
        exponents[t] = oneLimb;
        continue;
      }
      wide = true;
      int limit = 126 - weightBits - Math.min(lossless, enough);
      if (limit < magnitude) {
        magnitude = statistics.magnitudeBelow(t, limit);
        limits[t] = Math.scalb(1f, magnitude);
        odd = true;
      }
      exponents[t] = Math.min(lossless, 126 - magnitude - weightBits);
    }
    return new SumScale(exponents, maxAbs, odd ? limits : null, weightBits, wide, 0);
  }

  /**
   * The same scale for data whose cost, as users see it, is 2 to minus {@code shift} times the sum
   * of weight times distance: weights were multiplied by a power of two, or distances are twice
   * what is reported.
   */
  public SumScale withCostShift(int shift) {
    return new SumScale(exponents, maxAbs, limits, weightBits, wide, shift);
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

  /** Whether there are odd values. */
  public boolean hasOdd() {
    return limits != null;
  }

  /** Whether a value of dimension {@code t} is summed apart. */
  public boolean odd(int t, float x) {
    if (limits == null || limits[t] == Float.POSITIVE_INFINITY) {
      return false;
    }
    double scaled = Math.scalb((double) x, exponents[t]);
    return Math.abs(x) >= limits[t] || scaled != Math.rint(scaled);
  }

  /** Whether the same values are odd on the other scale. */
  public boolean sameOdd(SumScale other) {
    return Arrays.equals(limits, other.limits);
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

  /** No value of dimension {@code t} that is not odd is larger. */
  public float reach(int t) {
    return limits == null ? maxAbs[t] : Math.min(maxAbs[t], limits[t]);
  }

  /** The total weight is at most 2 to this. */
  public int weightBits() {
    return weightBits;
  }

  /** A cost as users see it is 2 to minus this times the sum of weight times distance. */
  public int costShift() {
    return costShift;
  }
}
