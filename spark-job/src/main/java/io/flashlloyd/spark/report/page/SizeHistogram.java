package io.flashlloyd.spark.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many clusters have how many rows.
 *
 * @param logarithmic whether bins widen with size, as they do where sizes differ much
 */
record SizeHistogram(List<Bin> bins, boolean logarithmic) {
  private static final int MOST = 32;

  /** Sizes that differ by a factor of more than this are binned by their logarithms. */
  private static final long SPREAD = 30;

  /** Clusters of {@code from} to {@code to} rows, both included. */
  record Bin(long from, long to, long clusters) {}

  static SizeHistogram of(long[] sizes) {
    long[] sorted = sizes.clone();
    Arrays.sort(sorted);
    int empty = 0;
    while (empty < sorted.length && sorted[empty] == 0) {
      empty++;
    }
    List<Bin> bins = new ArrayList<>();
    if (empty > 0) {
      bins.add(new Bin(0, 0, empty));
    }
    boolean logarithmic = false;
    if (empty < sorted.length) {
      long smallest = sorted[empty];
      long largest = sorted[sorted.length - 1];
      logarithmic = largest / smallest > SPREAD;
      int at = empty;
      for (long from = smallest, bin = 1; from <= largest; bin++) {
        long next = Math.max(from + 1, edge(smallest, largest, bin, logarithmic));
        int first = at;
        while (at < sorted.length && sorted[at] < next) {
          at++;
        }
        bins.add(new Bin(from, next - 1, at - first));
        from = next;
      }
    }
    return new SizeHistogram(bins, logarithmic);
  }

  /** Where bin {@code bin} begins, from 0; the last bin ends above the largest size. */
  private static long edge(long smallest, long largest, long bin, boolean logarithmic) {
    if (logarithmic) {
      double ratio = (largest + 1.0) / smallest;
      return (long) Math.ceil(smallest * Math.pow(ratio, (double) bin / MOST));
    }
    long width = (largest - smallest) / MOST + 1;
    return smallest + bin * width;
  }
}
