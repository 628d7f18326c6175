package io.flashlloyd.engine.exact;

import java.math.BigInteger;

/**
 * Signed 192-bit integers, three limbs of an array each, least significant first: wide enough for
 * the training cost whatever the centroids are (design section 2.4). Addition is modulo 2^192;
 * {@link SumScale#costExponent} chooses the scale so that nothing wraps.
 */
public final class Int192 {
  public static final int LIMBS = 3;

  private Int192() {}

  /** Adds number {@code from} of {@code b} to number {@code to} of {@code a}. */
  public static void add(long[] a, int to, long[] b, int from) {
    int j = from * LIMBS;
    add(a, to, b[j], b[j + 1], b[j + 2]);
  }

  private static void add(long[] a, int to, long b0, long b1, long b2) {
    int i = to * LIMBS;
    long s0 = a[i] + b0;
    long carry0 = Long.compareUnsigned(s0, b0) < 0 ? 1 : 0;
    long s1 = a[i + 1] + b1;
    long carry1 = Long.compareUnsigned(s1, b1) < 0 ? 1 : 0;
    long s1c = s1 + carry0;
    if (s1c == 0 && carry0 == 1) {
      carry1 = 1;
    }
    a[i] = s0;
    a[i + 1] = s1c;
    a[i + 2] += b2 + carry1;
  }

  /**
   * Adds {@code weight * round(distance * 2^exponent)} to number {@code to} of {@code a}, rounding
   * half to even.
   *
   * @param distance finite, at least 0
   * @param weight at least 0
   */
  public static void addDistance(long[] a, int to, double distance, long weight, int exponent) {
    if (distance == 0 || weight == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(distance);
    int biased = (int) (bits >>> 52);
    long mantissa = bits & 0xfffffffffffffL;
    if (biased == 0) {
      biased = 1;
    } else {
      mantissa |= 0x10000000000000L;
    }
    int shift = biased - 1075 + exponent;
    if (shift < 0) {
      mantissa = shiftRightHalfEven(mantissa, -shift);
      shift = 0;
    }
    // mantissa * weight is below 2^116; shifted it is below 2^191 by the choice of exponent.
    long productLow = mantissa * weight;
    long productHigh = Math.multiplyHigh(mantissa, weight);
    int bit = shift & 63;
    long b0 = productLow << bit;
    long b1 = bit == 0 ? productHigh : productHigh << bit | productLow >>> 64 - bit;
    long b2 = bit == 0 ? 0 : productHigh >>> 64 - bit;
    switch (shift >>> 6) {
      case 0 -> add(a, to, b0, b1, b2);
      case 1 -> add(a, to, 0, b0, b1);
      case 2 -> add(a, to, 0, 0, b0);
      default ->
          throw new IllegalArgumentException(
              "Distance " + distance + " at scale 2^" + exponent + " does not fit 192 bits");
    }
  }

  private static long shiftRightHalfEven(long mantissa, int shift) {
    if (shift > 54) {
      return 0;
    }
    long quotient = mantissa >>> shift;
    long rest = mantissa - (quotient << shift);
    long half = 1L << shift - 1;
    return rest > half || rest == half && (quotient & 1) == 1 ? quotient + 1 : quotient;
  }

  /** Number {@code index} of {@code a}, times 2^-exponent, rounded once to a double. */
  public static double toDouble(long[] a, int index, int exponent) {
    return scale(toBigInteger(a, index), exponent);
  }

  static BigInteger toBigInteger(long[] a, int index) {
    int i = index * LIMBS;
    return BigInteger.valueOf(a[i + 2])
        .shiftLeft(64)
        .add(unsigned(a[i + 1]))
        .shiftLeft(64)
        .add(unsigned(a[i]));
  }

  static BigInteger unsigned(long limb) {
    BigInteger value = BigInteger.valueOf(limb);
    return limb < 0 ? value.add(BigInteger.ONE.shiftLeft(64)) : value;
  }

  private static double scale(BigInteger value, int exponent) {
    // doubleValue rounds half to even; a power of two keeps the rounding unless the result is
    // subnormal.
    return Math.scalb(value.doubleValue(), -exponent);
  }
}
