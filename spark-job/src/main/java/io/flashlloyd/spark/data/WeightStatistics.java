package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * What must be known of all weights before one can be quantized: how many there are of each
 * exponent, and the lowest bit set anywhere. Merges exactly in any order. Not thread-safe.
 */
final class WeightStatistics implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BINS = 2047;

  /** Quantized weights sum up to less than 2 to this; one more bit has room for rounding. */
  private static final int TOTAL_BITS = 61;

  private final long[] counts = new long[BINS];
  private int lowestBit = Integer.MAX_VALUE;

  /**
   * Takes a weight in.
   *
   * @param weight finite, at least 0
   */
  void add(double weight) {
    if (weight == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(weight);
    int biased = (int) (bits >>> 52);
    long mantissa = bits & 0xfffffffffffffL;
    // The value is mantissa * 2^(max(biased, 1) - 1075).
    long whole = biased == 0 ? mantissa : mantissa | 0x10000000000000L;
    int lowest = Long.numberOfTrailingZeros(whole) + Math.max(biased, 1) - 1075;
    lowestBit = Math.min(lowestBit, lowest);
    counts[biased]++;
  }

  WeightStatistics merge(WeightStatistics other) {
    for (int bin = 0; bin < BINS; bin++) {
      counts[bin] += other.counts[bin];
    }
    lowestBit = Math.min(lowestBit, other.lowestBit);
    return this;
  }

  /** Whether no weight is above 0. */
  boolean allZero() {
    return lowestBit == Integer.MAX_VALUE;
  }

  /**
   * The scale, as the exponent of a power of two: 0 where all weights are whole numbers, so that a
   * weight of n counts as n rows; else the lossless one; less where the sum would not fit.
   */
  int exponent() {
    BigInteger bound = BigInteger.ZERO;
    for (int bin = 0; bin < BINS; bin++) {
      // A weight of this bin is below 2^(bin - 1022).
      bound = bound.add(BigInteger.valueOf(counts[bin]).shiftLeft(bin));
    }
    int totalBits = bound.bitLength() - 1022;
    return Math.min(Math.max(0, -lowestBit), TOTAL_BITS - totalBits);
  }
}
