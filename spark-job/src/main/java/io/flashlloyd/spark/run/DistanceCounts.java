package io.flashlloyd.spark.run;

import java.util.Arrays;

/**
 * How many rows of some clusters have which distance, in bounded memory whatever the clusters'
 * sizes: distances are counted by their float's leading bits, a bin's largest distance stands for
 * it. A percentile is the largest distance of its bin: a row's own, and at most 2^-11 above. Counts
 * and largest values are sums and maxima, so that any order of rows gives the same.
 *
 * <p>Bins lie in the order of clusters and distances; new rows wait until they are as many as the
 * bins, are sorted by bin and merged with them. One thread.
 */
final class DistanceCounts {
  /** Of the 23 bits of a float's fraction; 11 stay. */
  private static final int DROPPED_BITS = 12;

  /** Rows that wait, at least, before they are merged with the bins. */
  private static final int MANY = 1 << 19;

  /** Bits that one turn of the sort goes by. */
  private static final int DIGIT = 11;

  /** Of each bin the largest row, as {@link DistanceSpool} packs it, and how many there are. */
  private long[] tops = {};

  private long[] counts = {};
  private long[] waiting = {};
  private long[] sorted = {};
  private int rows;

  void add(long[] more) {
    if (rows + more.length > Math.max(MANY, tops.length)) {
      merge();
    }
    if (rows + more.length > waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(2 * waiting.length, rows + more.length));
      sorted = new long[waiting.length];
    }
    System.arraycopy(more, 0, waiting, rows, more.length);
    rows += more.length;
  }

  private static long bin(long row) {
    return row >>> DROPPED_BITS;
  }

  /** Sorts the waiting rows by bin: a radix sort over the bits in which bins differ. */
  private void sort() {
    long differ = 0;
    for (int i = 1; i < rows; i++) {
      differ |= bin(waiting[i]) ^ bin(waiting[0]);
    }
    int end = Long.SIZE - Long.numberOfLeadingZeros(differ);
    for (int bit = Long.numberOfTrailingZeros(differ); bit < end; bit += DIGIT) {
      int shift = DROPPED_BITS + bit;
      int[] next = new int[(1 << DIGIT) + 1];
      for (int i = 0; i < rows; i++) {
        next[digit(waiting[i], shift) + 1]++;
      }
      for (int digit = 0; digit < next.length - 1; digit++) {
        next[digit + 1] += next[digit];
      }
      for (int i = 0; i < rows; i++) {
        sorted[next[digit(waiting[i], shift)]++] = waiting[i];
      }
      long[] before = waiting;
      waiting = sorted;
      sorted = before;
    }
  }

  private static int digit(long row, int shift) {
    return (int) (row >>> shift) & (1 << DIGIT) - 1;
  }

  private void merge() {
    sort();
    long[] mergedTops = new long[tops.length + rows];
    long[] mergedCounts = new long[mergedTops.length];
    int bins = 0;
    int old = 0;
    int next = 0;
    while (old < tops.length || next < rows) {
      boolean takesOld =
          next == rows || (old < tops.length && bin(tops[old]) <= bin(waiting[next]));
      long row = takesOld ? tops[old] : waiting[next];
      if (bins == 0 || bin(mergedTops[bins - 1]) != bin(row)) {
        bins++;
      }
      mergedTops[bins - 1] = Math.max(mergedTops[bins - 1], row);
      mergedCounts[bins - 1] += takesOld ? counts[old++] : 1;
      next += takesOld ? 0 : 1;
    }
    tops = Arrays.copyOf(mergedTops, bins);
    counts = Arrays.copyOf(mergedCounts, bins);
    rows = 0;
  }

  /** Percentiles and the largest distance of clusters {@code first} to {@code end} (exclusive). */
  ClusterDistances distances(int first, int end) {
    merge();
    ClusterDistances found = ClusterDistances.none(first, end);
    for (int from = 0; from < tops.length; ) {
      int cluster = DistanceSpool.cluster(tops[from]);
      long size = 0;
      int to = from;
      while (to < tops.length && DistanceSpool.cluster(tops[to]) == cluster) {
        size += counts[to++];
      }
      found.set(cluster, percentile(from, 50, size), percentile(from, 99, size), top(to - 1));
      from = to;
    }
    return found;
  }

  /** The first bin up to which {@code percent} of the rows lie. */
  private float percentile(int from, int percent, long size) {
    int at = from;
    long rank = counts[at];
    while (100 * rank < percent * size) {
      rank += counts[++at];
    }
    return top(at);
  }

  private float top(int bin) {
    return DistanceSpool.distance(tops[bin]);
  }
}
