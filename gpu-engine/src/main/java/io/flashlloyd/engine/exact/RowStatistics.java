package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Optional;

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

  /** Weight of the nonzero values, by exponent. */
  private final long[] histogram;

  /** How many they are; null where every row counts once. */
  private long[] numbers;

  private final int[] lowestBit;
  private final float[] maxAbs;

  /** Where maxAbs was found first, by number. */
  private final long[] maxRow;

  private long rows;
  private long totalWeight;

  /** Of no rows yet; they have this many coordinates. */
  public RowStatistics(int dimension) {
    this.dimension = dimension;
    this.histogram = new long[Math.multiplyExact(dimension, BINS)];
    this.lowestBit = new int[dimension];
    Arrays.fill(lowestBit, Integer.MAX_VALUE);
    this.maxAbs = new float[dimension];
    this.maxRow = new long[dimension];
  }

  /** Takes the rows in, numbered from 0; they must be finite. */
  public void add(HostRows chunk) {
    add(chunk, 0);
  }

  /** Takes the rows in, numbered from {@code firstRow}; they must be finite. */
  public void add(HostRows chunk, long firstRow) {
    if (chunk.dimension() != dimension) {
      throw new IllegalArgumentException(
          "Rows have dimension " + chunk.dimension() + " (expected " + dimension + ")");
    }
    if (chunk.type().bytes() == 1 && chunk.weights() == null && numbers == null) {
      addBytes(chunk);
      return;
    }
    if (chunk.weights() == null && chunk.type().bytes() > 1) {
      addFloats(chunk, firstRow);
      return;
    }
    if (chunk.weights() != null && numbers == null) {
      numbers = histogram.clone();
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
        addRow(bits, weight, firstRow + row);
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
          add(t, Float.floatToRawIntBits(x) & 0x7fffffff, count, 0);
        }
      }
    }
    rows += chunk.rows();
    totalWeight = Math.addExact(totalWeight, (long) chunk.rows());
  }

  private void addFloats(HostRows chunk, long firstRow) {
    ChunkCounts counts = ChunkCounts.of(chunk);
    for (int t = 0; t < dimension; t++) {
      for (int bin = 0; bin < BINS; bin++) {
        int count = counts.count(t, bin);
        histogram[t * BINS + bin] += count;
        if (numbers != null) {
          numbers[t * BINS + bin] += count;
        }
      }
      lowestBit[t] = Math.min(lowestBit[t], counts.lowestBit[t]);
      if (counts.largest(t) > maxAbs[t]) {
        maxAbs[t] = counts.largest(t);
        maxRow[t] = firstRow + counts.largestRow[t];
      }
    }
    rows += chunk.rows();
    totalWeight = Math.addExact(totalWeight, (long) chunk.rows());
  }

  private void addRow(int[] bits, long weight, long row) {
    for (int t = 0; t < bits.length; t++) {
      add(t, bits[t] & 0x7fffffff, weight, row);
    }
  }

  private void add(int t, int magnitude, long weight, long row) {
    if (magnitude == 0) {
      return;
    }
    int biased = magnitude >>> 23;
    histogram[t * BINS + biased] += weight;
    if (numbers != null) {
      numbers[t * BINS + biased]++;
    }
    // The value is mantissa * 2^(max(biased, 1) - 150).
    int mantissa = biased == 0 ? magnitude : magnitude & 0x7fffff | 0x800000;
    int lowest = Integer.numberOfTrailingZeros(mantissa) + Math.max(biased, 1) - 150;
    if (lowest < lowestBit[t]) {
      lowestBit[t] = lowest;
    }
    float value = Float.intBitsToFloat(magnitude);
    if (value > maxAbs[t]) {
      maxAbs[t] = value;
      maxRow[t] = row;
    }
  }

  /** Adds {@code other} into this and returns this. */
  public RowStatistics merge(RowStatistics other) {
    if (other.dimension != dimension) {
      throw new IllegalArgumentException(
          "Statistics of dimension " + other.dimension + " (expected " + dimension + ")");
    }
    if (numbers != null || other.numbers != null) {
      numbers = sum(numbers(), other.numbers());
    }
    System.arraycopy(sum(histogram, other.histogram), 0, histogram, 0, histogram.length);
    for (int t = 0; t < dimension; t++) {
      lowestBit[t] = Math.min(lowestBit[t], other.lowestBit[t]);
      if (other.maxAbs[t] > maxAbs[t]
          || other.maxAbs[t] == maxAbs[t] && other.maxRow[t] < maxRow[t]) {
        maxAbs[t] = other.maxAbs[t];
        maxRow[t] = other.maxRow[t];
      }
    }
    rows += other.rows;
    totalWeight = Math.addExact(totalWeight, other.totalWeight);
    return this;
  }

  private long[] numbers() {
    return numbers == null ? histogram : numbers;
  }

  private static long[] sum(long[] a, long[] b) {
    long[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
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
    return exponent(histogram, t, 2);
  }

  /** The same of what all but a 32nd of the nonzero |x_t| reach, each once whatever its weight. */
  int lowExponent(int t) {
    return exponent(numbers(), t, 32);
  }

  /** Where the smallest magnitudes first are one of {@code parts} of the nonzero ones. */
  private static int exponent(long[] histogram, int t, int parts) {
    long nonzero = 0;
    for (int bin = 0; bin < BINS; bin++) {
      nonzero += histogram[t * BINS + bin];
    }
    long share = nonzero / parts + (nonzero % parts == 0 ? 0 : 1);
    long below = 0;
    for (int bin = 0; bin < BINS; bin++) {
      below += histogram[t * BINS + bin];
      if (below >= share && below > 0) {
        return bin == 0 ? -149 : bin - 127;
      }
    }
    throw new IllegalStateException("Dimension " + t + " has no nonzero value");
  }

  /** The smallest power of two, as its exponent, that no |x_t| below 2 to {@code limit} reaches. */
  int magnitudeBelow(int t, int limit) {
    int bin = Math.min(limit + 127, BINS);
    while (bin > 1 && histogram[t * BINS + bin - 1] == 0) {
      bin--;
    }
    return bin - 127;
  }

  /** The value that is farthest out, beside the others of its dimension, where one is far out. */
  public Optional<FarValue> farthest() {
    FarValue farthest = null;
    for (int t = 0; t < dimension; t++) {
      FarValue far = FarValue.of(Arrays.copyOfRange(numbers(), t * BINS, (t + 1) * BINS), this, t);
      if (far != null && (farthest == null || far.beyond() > farthest.beyond())) {
        farthest = far;
      }
    }
    return Optional.ofNullable(farthest);
  }

  long maxRow(int t) {
    return maxRow[t];
  }

  private Object writeReplace() {
    return new PackedStatistics(histogram, numbers, lowestBit, maxAbs, maxRow, rows, totalWeight);
  }

  /**
   * Of rows that all count once, as somebody else has counted them; the arrays are taken over.
   *
   * @param histogram [dimension x 256] nonzero values by the exponent of float32, as biased
   * @param lowestBit [dimension] every value is a multiple of 2 to this; {@link Integer#MAX_VALUE}
   *     where all are zero
   * @param maxAbs [dimension] the largest magnitudes
   * @param maxRow [dimension] the first rows that have them, by number
   */
  public static RowStatistics counted(
      long[] histogram, int[] lowestBit, float[] maxAbs, long[] maxRow, long rows) {
    return unpacked(histogram, null, lowestBit, maxAbs, maxRow, rows, rows);
  }

  /** From what was written; the arrays are kept. */
  static RowStatistics unpacked(
      long[] histogram,
      long[] numbers,
      int[] lowestBit,
      float[] maxAbs,
      long[] maxRow,
      long rows,
      long totalWeight) {
    RowStatistics statistics = new RowStatistics(maxAbs.length);
    System.arraycopy(histogram, 0, statistics.histogram, 0, histogram.length);
    statistics.numbers = numbers;
    System.arraycopy(lowestBit, 0, statistics.lowestBit, 0, lowestBit.length);
    System.arraycopy(maxAbs, 0, statistics.maxAbs, 0, maxAbs.length);
    System.arraycopy(maxRow, 0, statistics.maxRow, 0, maxRow.length);
    statistics.rows = rows;
    statistics.totalWeight = totalWeight;
    return statistics;
  }
}
