package io.flashlloyd.engine.exact;

import java.io.Serializable;
import java.util.stream.IntStream;

/** {@link RowStatistics} as they travel: of a dimension's 256 bins some twenty have a count. */
final class PackedStatistics implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int histogramSize;
  private final int[] bins;
  private final long[] counts;
  private final int[] lowestBit;
  private final float[] maxAbs;
  private final long rows;
  private final long totalWeight;

  PackedStatistics(long[] histogram, int[] lowestBit, float[] maxAbs, long rows, long totalWeight) {
    this.histogramSize = histogram.length;
    this.bins = IntStream.range(0, histogram.length).filter(bin -> histogram[bin] != 0).toArray();
    this.counts = IntStream.of(bins).mapToLong(bin -> histogram[bin]).toArray();
    this.lowestBit = lowestBit;
    this.maxAbs = maxAbs;
    this.rows = rows;
    this.totalWeight = totalWeight;
  }

  private Object readResolve() {
    long[] histogram = new long[histogramSize];
    for (int i = 0; i < bins.length; i++) {
      histogram[bins[i]] = counts[i];
    }
    return RowStatistics.unpacked(histogram, lowestBit, maxAbs, rows, totalWeight);
  }
}
