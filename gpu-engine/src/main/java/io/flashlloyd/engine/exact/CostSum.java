package io.flashlloyd.engine.exact;

import java.math.BigInteger;

/**
 * Training costs, exact: the sum of weight times canonical distance as a whole number of 2^-298,
 * eleven limbs of an array each, least significant first. Nothing is rounded before the sum is
 * read, so no row takes a bit from another's cost, whatever its distance is.
 *
 * <p>Why so wide? Float32 values are multiples of 2^-149, and so are their differences, rounded to
 * float64 or not: rounding only drops low bits of a value. Their squares are multiples of 2^-298,
 * and every fused multiply-add rounds a multiple of 2^-298, far above float64's subnormals, to
 * another one. At the other end a distance is at most d (2^129)^2, d below 2^31, and weights add up
 * to less than 2^63: sums stay below 2^353, which with the 298 bits below the point is less than
 * the 703 there are.
 */
public final class CostSum {
  public static final int LIMBS = 11;

  /** Sums are multiples of 2 to minus this. */
  public static final int POINT = 298;

  private CostSum() {}

  /** Adds number {@code from} of {@code b} to number {@code to} of {@code a}. */
  public static void add(long[] a, int to, long[] b, int from) {
    long carry = 0;
    for (int limb = 0; limb < LIMBS; limb++) {
      carry = add(a, to * LIMBS + limb, b[from * LIMBS + limb], carry);
    }
  }

  /**
   * Adds {@code weight * distance} to number {@code to} of {@code a}.
   *
   * @param distance canonical, between float32 vectors
   * @param weight at least 0
   */
  public static void addDistance(long[] a, int to, double distance, long weight) {
    if (distance == 0 || weight == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(distance);
    long mantissa = bits & 0xfffffffffffffL | 0x10000000000000L;
    int shift = (int) (bits >>> 52) - 1075 + POINT;
    if (shift < 0) {
      mantissa >>>= -shift; // zeros: the distance is a multiple of 2^-298
      shift = 0;
    }
    // mantissa * weight is below 2^116.
    long productLow = mantissa * weight;
    long productHigh = Math.multiplyHigh(mantissa, weight);
    int bit = shift & 63;
    int i = to * LIMBS + (shift >>> 6);
    long carry = add(a, i++, productLow << bit, 0);
    carry =
        add(a, i++, bit == 0 ? productHigh : productHigh << bit | productLow >>> 64 - bit, carry);
    if (bit != 0) {
      carry = add(a, i++, productHigh >>> 64 - bit, carry);
    }
    while (carry != 0) {
      carry = add(a, i++, 0, carry);
    }
  }

  /** Adds both to {@code a[i]} and returns the carry. */
  private static long add(long[] a, int i, long b, long carry) {
    long sum = a[i] + carry;
    long over = Long.compareUnsigned(sum, carry) < 0 ? 1 : 0;
    sum += b;
    a[i] = sum;
    return over + (Long.compareUnsigned(sum, b) < 0 ? 1 : 0);
  }

  /** Number {@code index} of {@code a}, rounded once to a double. */
  public static double toDouble(long[] a, int index) {
    // doubleValue rounds half to even; a power of two keeps the rounding: no result is subnormal.
    return Math.scalb(toBigInteger(a, index).doubleValue(), -POINT);
  }

  static BigInteger toBigInteger(long[] a, int index) {
    BigInteger value = BigInteger.ZERO;
    for (int limb = LIMBS - 1; limb >= 0; limb--) {
      value = value.shiftLeft(64).add(unsigned(a[index * LIMBS + limb]));
    }
    return value;
  }

  static BigInteger unsigned(long limb) {
    BigInteger value = BigInteger.valueOf(limb);
    return limb < 0 ? value.add(BigInteger.ONE.shiftLeft(64)) : value;
  }
}
