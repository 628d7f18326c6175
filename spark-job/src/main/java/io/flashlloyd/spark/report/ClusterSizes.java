package io.flashlloyd.spark.report;

import java.util.Arrays;

/**
 * How even the clusters are.
 *
 * @param empty clusters without rows
 * @param median of all sizes, empty ones included; the lower of two
 * @param imbalance k * sum of squared sizes / rows squared: 1 where all are of one size, as faiss
 *     reports it
 */
public record ClusterSizes(
    long smallest, long median, long largest, double mean, int empty, double imbalance) {
  /**
   * Of these sizes.
   *
   * @param counts rows of each cluster, not empty
   */
  public static ClusterSizes of(long[] counts) {
    long[] sorted = counts.clone();
    Arrays.sort(sorted);
    double total = 0;
    double squares = 0;
    int empty = 0;
    for (long count : sorted) {
      total += count;
      squares += (double) count * count;
      empty += count == 0 ? 1 : 0;
    }
    return new ClusterSizes(
        sorted[0],
        sorted[(sorted.length - 1) / 2],
        sorted[sorted.length - 1],
        total / sorted.length,
        empty,
        total == 0 ? 0 : sorted.length * squares / (total * total));
  }
}
