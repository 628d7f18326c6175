package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * What {@link RowStatistics} keep, of one chunk of float rows that all count once: the loops of
 * pass 0, over the bits of the data's own type. Used by one thread.
 */
final class ChunkCounts {
  private static final int BINS = 256;

  /** Exponents of float16. */
  private static final int HALF_BINS = 32;

  /** float16's exponents are biased by 15, float32's by 127. */
  private static final int HALF_BIAS = 112;

  /** Coordinates that are looked at together: they stay in a first-level cache. */
  private static final int COPIED = 1 << 12;

  private final int dimension;

  /**
   * [256 x dimension] coordinates by their biased exponent as float32; zeros are nowhere. In this
   * order what is counted one after another lies side by side: the other way, at the same few
   * places of a first-level cache.
   */
  private final int[] histogram;

  /** [dimension] the largest |x_t|, as float32. */
  final float[] largest;

  /** [dimension] the first row that has it. */
  final int[] largestRow;

  /** [dimension] every x_t is a multiple of 2 to this; the largest int where all are 0. */
  final int[] lowestBit;

  /** [dimension] the bits of the largest |x_t|. */
  private final int[] top;

  /**
   * [dimension] A value of this biased exponent or a larger one has no bit below the lowest so far:
   * only the others, few in data that is not of whole numbers, are looked at closer.
   */
  private final int[] settled;

  private ChunkCounts(int dimension) {
    this.dimension = dimension;
    this.histogram = new int[Math.multiplyExact(dimension, BINS)];
    this.largest = new float[dimension];
    this.largestRow = new int[dimension];
    this.lowestBit = new int[dimension];
    Arrays.fill(lowestBit, Integer.MAX_VALUE);
    this.top = new int[dimension];
    this.settled = new int[dimension];
    Arrays.fill(settled, BINS);
  }

  /**
   * Of all rows of the chunk, which are finite.
   *
   * @param chunk of float32 or float16, without weights
   */
  static ChunkCounts of(HostRows chunk) {
    ChunkCounts counts = new ChunkCounts(chunk.dimension());
    if (chunk.type() == ElementType.FLOAT32) {
      counts.addFloats(chunk);
    } else {
      counts.addHalves(chunk);
    }
    return counts;
  }

  /** Coordinates of this biased exponent. */
  int count(int t, int biased) {
    return histogram[biased * dimension + t];
  }

  private void addFloats(HostRows chunk) {
    int together = Math.max(1, COPIED / dimension);
    int[] bits = new int[together * dimension];
    IntBuffer words = chunk.values().asIntBuffer();
    for (int row = 0; row < chunk.rows(); row += together) {
      int count = Math.min(together, chunk.rows() - row);
      words.get(row * dimension, bits, 0, count * dimension);
      for (int i = 0; i < count; i++) {
        addFloats(bits, i * dimension, row + i);
      }
    }
    for (int t = 0; t < dimension; t++) {
      largest[t] = Float.intBitsToFloat(top[t]);
    }
  }

  private void addFloats(int[] bits, int from, int row) {
    for (int t = 0; t < dimension; t++) {
      int magnitude = bits[from + t] & 0x7fffffff;
      int biased = magnitude >>> 23;
      histogram[biased * dimension + t]++;
      if (magnitude > top[t]) {
        top[t] = magnitude;
        largestRow[t] = row;
      }
      if (biased < settled[t]) {
        settleFloat(t, magnitude, biased);
      }
    }
  }

  /** The value is mantissa * 2^(max(biased, 1) - 150). */
  private void settleFloat(int t, int magnitude, int biased) {
    if (magnitude == 0) {
      histogram[t]--;
      return;
    }
    int mantissa = biased == 0 ? magnitude : magnitude & 0x7fffff | 0x800000;
    lower(t, Integer.numberOfTrailingZeros(mantissa) + Math.max(biased, 1) - 150, 150);
  }

  /** A value of exponent 0 is 2^-bias times a whole number. */
  private void lower(int t, int lowest, int bias) {
    if (lowest < lowestBit[t]) {
      lowestBit[t] = lowest;
      settled[t] = lowest + bias;
    }
  }

  private void addHalves(HostRows chunk) {
    int together = Math.max(1, COPIED / dimension);
    short[] halves = new short[together * dimension];
    int[] exponents = new int[dimension * HALF_BINS];
    ShortBuffer words = chunk.values().asShortBuffer();
    for (int row = 0; row < chunk.rows(); row += together) {
      int count = Math.min(together, chunk.rows() - row);
      words.get(row * dimension, halves, 0, count * dimension);
      for (int i = 0; i < count; i++) {
        addHalves(halves, i * dimension, row + i, exponents);
      }
    }
    for (int t = 0; t < dimension; t++) {
      for (int exponent = 1; exponent < HALF_BINS; exponent++) {
        histogram[(exponent + HALF_BIAS) * dimension + t] += exponents[exponent * dimension + t];
      }
      // Shifted into float32's fields and times 2^112, exact for subnormals too.
      largest[t] = Float.intBitsToFloat(top[t] << 13) * 0x1p112f;
    }
  }

  private void addHalves(short[] halves, int from, int row, int[] exponents) {
    for (int t = 0; t < dimension; t++) {
      int magnitude = halves[from + t] & 0x7fff;
      int biased = magnitude >>> 10;
      exponents[biased * dimension + t]++;
      if (magnitude > top[t]) {
        top[t] = magnitude;
        largestRow[t] = row;
      }
      if (biased < settled[t]) {
        settleHalf(t, magnitude, biased);
      }
    }
  }

  /** The value is mantissa * 2^(max(biased, 1) - 25). */
  private void settleHalf(int t, int magnitude, int biased) {
    if (magnitude == 0) {
      return;
    }
    int mantissa = magnitude & 0x3ff | 0x400;
    if (biased == 0) { // as float32 it is normal, of an exponent of its own
      mantissa = magnitude;
      int log = 31 - Integer.numberOfLeadingZeros(magnitude);
      histogram[(log - 24 + 127) * dimension + t]++;
    }
    lower(t, Integer.numberOfTrailingZeros(mantissa) + Math.max(biased, 1) - 25, 25);
  }
}
