package io.flashlloyd.engine.exact;

import java.math.BigInteger;

/** Quantized coordinates: integers at a power-of-two scale. */
public final class FixedPoint {
  private FixedPoint() {}

  /**
   * {@code round(x * 2^exponent)}, half to even, for results below 2^63. The product is exact:
   * float32 has 24 bits and {@link SumScale} keeps the exponent where a double is normal.
   */
  public static long quantize(float x, int exponent) {
    return (long) Math.rint(Math.scalb((double) x, exponent));
  }

  /**
   * Adds {@code weight * round(x * 2^exponent)} to the 128-bit number at {@code index} of (high,
   * low), modulo 2^128; nothing where |x| * 2^exponent is 2^127 and more. Such an x is odd ({@link
   * SumScale}), and what odd values add is taken away again.
   *
   * @param weight below 0 to take that many away
   */
  public static void addWide(
      long[] low, long[] high, int index, float x, long weight, int exponent) {
    double scaled = Math.scalb((double) x, exponent);
    int shift = Math.max(0, Math.getExponent(scaled) - 62);
    if (shift > 64) {
      return;
    }
    // Beyond 2^62 a double is an integer with zeros below its 53 bits: the shift loses nothing.
    long quotient = (long) Math.rint(Math.scalb(scaled, -shift));
    long productLow = quotient * weight;
    long productHigh = Math.multiplyHigh(quotient, weight);
    if (shift == 64) {
      productHigh = productLow;
      productLow = 0;
    } else if (shift > 0) {
      productHigh = productHigh << shift | productLow >>> 64 - shift;
      productLow <<= shift;
    }
    long sum = low[index] + productLow;
    high[index] += productHigh + (Long.compareUnsigned(sum, productLow) < 0 ? 1 : 0);
    low[index] = sum;
  }

  /** A 128-bit sum. */
  public static BigInteger wide(long low, long high) {
    return BigInteger.valueOf(high).shiftLeft(64).add(CostSum.unsigned(low));
  }

  /** A 128-bit sum as the nearest double, half to even. */
  public static double wideToDouble(long low, long high) {
    return high == low >> 63 ? (double) low : wide(low, high).doubleValue();
  }
}
