package io.flashlloyd.engine.exact;

/**
 * A value so far from all others of its dimension that it is probably none: a sentinel, or garbage.
 * No result of other clusters depends on it; who looks at the clusters may want to know.
 *
 * @param row its number
 * @param magnitude of the value
 * @param others what all others reach at most, but one in 10,000, or the five largest where those
 *     are more
 */
public record FarValue(int column, long row, float magnitude, double others) {
  /** A million times the others is far. */
  private static final double FAR = 1e6;

  private static final int ONE_IN = 10_000;
  private static final int FEW = 5;

  /** The largest value of a dimension, or null where it is not far from the others. */
  static FarValue of(long[] histogram, RowStatistics statistics, int column) {
    long nonzero = 0;
    for (long count : histogram) {
      nonzero += count;
    }
    // Of few values a tenth at most is apart.
    long apart = Math.max(nonzero / ONE_IN, Math.min(FEW, nonzero / 10));
    int bin = histogram.length - 1;
    for (long above = 0; bin > 0 && above + histogram[bin] <= apart; bin--) {
      above += histogram[bin];
    }
    double others = Math.scalb(1.0, bin - 126);
    float magnitude = statistics.maxAbs(column);
    return apart > 0 && magnitude >= FAR * others
        ? new FarValue(column, statistics.maxRow(column), magnitude, others)
        : null;
  }

  /** How many times as large as the others. */
  double beyond() {
    return magnitude / others;
  }
}
