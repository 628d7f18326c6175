package io.flashlloyd.engine.exact;

import java.io.Serializable;
import java.util.stream.IntStream;

/** {@link RowStatistics} as they travel: of a dimension's 256 bins some twenty have a count. */
final class PackedStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int histogramSize;
  private final int[] bins;
  private final long[] weights;
  private final long[] numbers;
  private final int[] lowestBit;
  private final float[] maxAbs;
  private final long[] maxRow;
  private final long rows;
  private final long totalWeight;

  PackedStatistics(
      long[] histogram,
      long[] numbers,
      int[] lowestBit,
      float[] maxAbs,
      long[] maxRow,
      long rows,
      long totalWeight) {
    this.histogramSize = histogram.length;
    this.bins = IntStream.range(0, histogram.length).filter(bin -> histogram[bin] != 0).toArray();
    this.weights = packed(histogram);
    this.numbers = numbers == null ? null : packed(numbers);
    this.lowestBit = lowestBit;
    this.maxAbs = maxAbs;
    this.maxRow = maxRow;
    this.rows = rows;
    this.totalWeight = totalWeight;
  }

  private long[] packed(long[] histogram) {
    return IntStream.of(bins).mapToLong(bin -> histogram[bin]).toArray();
  }

  private long[] unpacked(long[] values) {
    long[] histogram = new long[histogramSize];
    for (int i = 0; i < bins.length; i++) {
      histogram[bins[i]] = values[i];
    }
    return histogram;
  }

  private Object readResolve() {
    long[] counted = numbers == null ? null : unpacked(numbers);
    return RowStatistics.unpacked(
        unpacked(weights), counted, lowestBit, maxAbs, maxRow, rows, totalWeight);
  }
}
