package io.flashlloyd.spark.export;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Neighbouring clusters whose rows are put in order together, in memory. A list is never cut: one
 * that is larger is a range of its own, whose rows need no order but that in which they came.
 *
 * @param starts [ranges + 1], the first cluster of each range, then k
 */
@SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
record ClusterRanges(int[] starts) implements Serializable {
  private static final long RANGE_BYTES = 32L << 20;

  /** More ranges than this make the pieces of a shuffle too small. */
  private static final int MOST = 4096;

  /**
   * Cuts k clusters.
   *
   * @param sizes [k] rows of each
   * @param rowBytes of one row
   */
  static ClusterRanges of(long[] sizes, long rowBytes) {
    long rows = Arrays.stream(sizes).sum();
    long most = Math.max(RANGE_BYTES / rowBytes, rows / MOST);
    int[] starts = new int[sizes.length + 1];
    int ranges = 0;
    long inRange = 0;
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      if (cluster == 0 || inRange + sizes[cluster] > most) {
        starts[ranges++] = cluster;
        inRange = 0;
      }
      inRange += sizes[cluster];
    }
    starts[ranges] = sizes.length;
    return new ClusterRanges(Arrays.copyOf(starts, ranges + 1));
  }

  /** All k clusters in one range. */
  static ClusterRanges all(int k) {
    return new ClusterRanges(new int[] {0, k});
  }

  int count() {
    return starts.length - 1;
  }

  /** The range of a cluster. */
  int of(int cluster) {
    int found = Arrays.binarySearch(starts, cluster);
    return found >= 0 ? found : -found - 2;
  }
}
