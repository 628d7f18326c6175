package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/**
 * What {@link RowStatistics} keep, of one chunk of float rows that all count once, from the bits of
 * the data's own type. A magnitude is a value's bits without the sign: its exponent, as the type
 * biases it, above its fraction. Used by one thread.
 */
final class ChunkCounts {
  private static final int BINS = 256;

  /** Coordinates that are looked at together: they stay in a first-level cache. */
  private static final int COPIED = 1 << 12;

  private final int dimension;

  /** Bits of the fraction. */
  private final int fraction;

  /** Between the type's biased exponent and float32's. */
  private final int bias;

  /** A value of biased exponent e, or 1 where e is 0, is a whole number times 2^(e - unit). */
  private final int unit;

  /**
   * [256 x dimension] coordinates by the type's biased exponent plus {@link #bias}: at 0 plus bias
   * zeros and subnormals, which {@link #subnormals} has apart. In this order what is counted one
   * after another lies side by side: the other way, at the same few places of a first-level cache.
   */
  private final int[] histogram;

  /** [256 x dimension] the type's subnormals, by their biased exponent as float32. */
  private final int[] subnormals;

  /** [dimension] the first row that has the largest magnitude. */
  final int[] largestRow;

  /** [dimension] every x_t is a multiple of 2 to this; the largest int where all are 0. */
  final int[] lowestBit;

  /** [dimension] the largest magnitude. */
  private final int[] top;

  /**
   * [dimension] A value of this biased exponent or a larger one has no bit below the lowest so far:
   * only the others, few in data that is not of whole numbers, are looked at closer.
   */
  private final int[] settled;

  private ChunkCounts(ElementType type, int dimension) {
    boolean half = type == ElementType.FLOAT16;
    this.dimension = dimension;
    this.fraction = half ? 10 : 23;
    this.bias = half ? 112 : 0;
    this.unit = half ? 25 : 150;
    this.histogram = new int[Math.multiplyExact(dimension, BINS)];
    this.subnormals = new int[histogram.length];
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
    ChunkCounts counts = new ChunkCounts(chunk.type(), chunk.dimension());
    counts.add(chunk);
    return counts;
  }

  /** Nonzero coordinates of this exponent, biased as float32's. */
  int count(int t, int biased) {
    int count = subnormals[biased * dimension + t];
    return biased == bias ? count : count + histogram[biased * dimension + t];
  }

  /** The largest |x_t|. */
  float largest(int t) {
    // Shifted into float32's fields and times 2^bias: exact, for subnormals too.
    return Float.intBitsToFloat(top[t] << 23 - fraction) * Math.scalb(1f, bias);
  }

  private void add(HostRows chunk) {
    boolean half = chunk.type() == ElementType.FLOAT16;
    ShortBuffer shorts = half ? chunk.values().asShortBuffer() : null;
    IntBuffer words = half ? null : chunk.values().asIntBuffer();
    int together = Math.max(1, COPIED / dimension);
    short[] halves = new short[half ? together * dimension : 0];
    int[] bits = new int[together * dimension];
    for (int row = 0; row < chunk.rows(); row += together) {
      int count = Math.min(together, chunk.rows() - row);
      if (half) {
        shorts.get(row * dimension, halves, 0, count * dimension);
        for (int i = 0; i < count * dimension; i++) {
          bits[i] = halves[i] & 0x7fff;
        }
      } else {
        words.get(row * dimension, bits, 0, count * dimension);
      }
      for (int i = 0; i < count; i++) {
        addRow(bits, i * dimension, row + i);
      }
    }
  }

  private void addRow(int[] bits, int from, int row) {
    for (int t = 0; t < dimension; t++) {
      int magnitude = bits[from + t] & 0x7fffffff;
      int biased = magnitude >>> fraction;
      histogram[(biased + bias) * dimension + t]++;
      if (magnitude > top[t] || biased < settled[t]) {
        look(t, row, magnitude);
      }
    }
  }

  /** Looks closer at a magnitude; rows come in their order. */
  private void look(int t, int row, int magnitude) {
    if (magnitude == 0) {
      return;
    }
    if (magnitude > top[t]) {
      top[t] = magnitude;
      largestRow[t] = row;
    }
    int biased = magnitude >>> fraction;
    int hidden = 1 << fraction;
    int mantissa = biased == 0 ? magnitude : magnitude & hidden - 1 | hidden;
    if (biased == 0) { // of float16 it is normal as float32, of an exponent of its own
      int log = 31 - Integer.numberOfLeadingZeros(magnitude);
      int asFloat = bias == 0 ? 0 : log - 24 + 127;
      subnormals[asFloat * dimension + t]++;
    }
    int lowest = Integer.numberOfTrailingZeros(mantissa) + Math.max(biased, 1) - unit;
    if (lowest < lowestBit[t]) {
      lowestBit[t] = lowest;
      settled[t] = lowest + unit;
    }
  }
}
