package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * What pass 0 learns about the coordinates of each dimension to choose the fixed-point scales: a
 * histogram of exponents, the lowest bit set anywhere, the largest magnitude. All merge exactly in
 * any order. Not thread-safe.
 */
public final class RowStatistics implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BINS = 256;

  /** Values of a byte. */
  private static final int BYTES = 256;

  private final int dimension;
  private final long[] histogram;
  private final int[] lowestBit;
  private final float[] maxAbs;
  private long rows;
  private long totalWeight;

  public RowStatistics(int dimension) {
    this.dimension = dimension;
    this.histogram = new long[Math.multiplyExact(dimension, BINS)];
    this.lowestBit = new int[dimension];
    Arrays.fill(lowestBit, Integer.MAX_VALUE);
    this.maxAbs = new float[dimension];
  }

  /** Takes the rows in; they must be finite. */
  public void add(HostRows chunk) {
    if (chunk.dimension() != dimension) {
      throw new IllegalArgumentException(
          "Rows have dimension " + chunk.dimension() + " (expected " + dimension + ")");
    }
    if (chunk.type().bytes() == 1 && chunk.weights() == null) {
      addBytes(chunk);
      return;
    }
    int[] bits = new int[dimension];
    IntBuffer words = chunk.values().asIntBuffer();
    for (int row = 0; row < chunk.rows(); row++) {
      long weight = chunk.weight(row);
      if (weight < 0) {
        throw new IllegalArgumentException(
            "Row " + row + " has weight " + weight + " (expected at least 0)");
      }
      rows++;
      totalWeight = Math.addExact(totalWeight, weight);
      if (weight != 0) {
        if (chunk.type() == ElementType.FLOAT32) {
          words.get(row * dimension, bits);
        } else {
          for (int t = 0; t < dimension; t++) {
            bits[t] = Float.floatToRawIntBits(chunk.get(row, t));
          }
        }
        addRow(bits, weight);
      }
    }
  }

  /** Bytes have so few values that they are counted first, and looked at once each. */
  private void addBytes(HostRows chunk) {
    int[] counts = new int[dimension * BYTES];
    byte[] row = new byte[dimension];
    ByteBuffer values = chunk.values();
    for (int i = 0; i < chunk.rows(); i++) {
      values.get(i * dimension, row);
      for (int t = 0; t < row.length; t++) {
        counts[t * BYTES + (row[t] & 0xff)]++;
      }
    }
    for (int t = 0; t < dimension; t++) {
      for (int value = 0; value < BYTES; value++) {
        int count = counts[t * BYTES + value];
        if (count > 0) {
          float x = chunk.type() == ElementType.INT8 ? (byte) value : value;
          add(t, Float.floatToRawIntBits(x) & 0x7fffffff, count);
        }
      }
    }
    rows += chunk.rows();
    totalWeight = Math.addExact(totalWeight, (long) chunk.rows());
  }

  private void addRow(int[] bits, long weight) {
    for (int t = 0; t < bits.length; t++) {
      add(t, bits[t] & 0x7fffffff, weight);
    }
  }

  private void add(int t, int magnitude, long weight) {
    if (magnitude == 0) {
      return;
    }
    int biased = magnitude >>> 23;
    histogram[t * BINS + biased] += weight;
    // The value is mantissa * 2^(max(biased, 1) - 150).
    int mantissa = biased == 0 ? magnitude : magnitude & 0x7fffff | 0x800000;
    int lowest = Integer.numberOfTrailingZeros(mantissa) + Math.max(biased, 1) - 150;
    if (lowest < lowestBit[t]) {
      lowestBit[t] = lowest;
    }
    float value = Float.intBitsToFloat(magnitude);
    if (value > maxAbs[t]) {
      maxAbs[t] = value;
    }
  }

  /** Adds {@code other} into this and returns this. */
  public RowStatistics merge(RowStatistics other) {
    if (other.dimension != dimension) {
      throw new IllegalArgumentException(
          "Statistics of dimension " + other.dimension + " (expected " + dimension + ")");
    }
    for (int i = 0; i < histogram.length; i++) {
      histogram[i] += other.histogram[i];
    }
    for (int t = 0; t < dimension; t++) {
      lowestBit[t] = Math.min(lowestBit[t], other.lowestBit[t]);
      maxAbs[t] = Math.max(maxAbs[t], other.maxAbs[t]);
    }
    rows += other.rows;
    totalWeight = Math.addExact(totalWeight, other.totalWeight);
    return this;
  }

  public int dimension() {
    return dimension;
  }

  public long rows() {
    return rows;
  }

  /** Sum of the weights; the number of rows where there are none. */
  public long totalWeight() {
    return totalWeight;
  }

  /** Largest |x_t|; 0 where all are zero. */
  public float maxAbs(int t) {
    return maxAbs[t];
  }

  /** Every x_t is a multiple of 2 to this; meaningless where all are zero. */
  int lowestBit(int t) {
    return lowestBit[t];
  }

  /** The largest power of two that is at most the (lower) median nonzero |x_t|, as its exponent. */
  int medianExponent(int t) {
    long nonzero = 0;
    for (int bin = 0; bin < BINS; bin++) {
      nonzero += histogram[t * BINS + bin];
    }
    long below = 0;
    for (int bin = 0; bin < BINS; bin++) {
      below += histogram[t * BINS + bin];
      if (below >= nonzero - below && below > 0) {
        return bin == 0 ? -149 : bin - 127;
      }
    }
    throw new IllegalStateException("Dimension " + t + " has no nonzero value");
  }

  private Object writeReplace() {
    return new PackedStatistics(histogram, lowestBit, maxAbs, rows, totalWeight);
  }

  /** From what was written; the arrays are kept. */
  static RowStatistics unpacked(
      long[] histogram, int[] lowestBit, float[] maxAbs, long rows, long totalWeight) {
    RowStatistics statistics = new RowStatistics(maxAbs.length);
    System.arraycopy(histogram, 0, statistics.histogram, 0, histogram.length);
    System.arraycopy(lowestBit, 0, statistics.lowestBit, 0, lowestBit.length);
    System.arraycopy(maxAbs, 0, statistics.maxAbs, 0, maxAbs.length);
    statistics.rows = rows;
    statistics.totalWeight = totalWeight;
    return statistics;
  }
}
