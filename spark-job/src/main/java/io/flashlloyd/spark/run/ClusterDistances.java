package io.flashlloyd.spark.run;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Distances from centroids of the rows of clusters {@code first}, {@code first + 1}, ...: the ones
 * that half and 99 % of a cluster's rows do not exceed, and the largest; NaN for no rows.
 */
@SuppressWarnings("ArrayRecordComponent") // large values, passed on, never compared
record ClusterDistances(int first, float[] p50, float[] p99, float[] max) implements Serializable {
  /** Of clusters {@code first} to {@code end} (exclusive), all without rows. */
  static ClusterDistances none(int first, int end) {
    float[][] nothing = new float[3][end - first];
    for (float[] values : nothing) {
      Arrays.fill(values, Float.NaN);
    }
    return new ClusterDistances(first, nothing[0], nothing[1], nothing[2]);
  }

  void set(int cluster, float half, float most, float largest) {
    p50[cluster - first] = half;
    p99[cluster - first] = most;
    max[cluster - first] = largest;
  }

  /** Puts those of some of the clusters in their places. */
  void put(ClusterDistances part) {
    int at = part.first - first;
    System.arraycopy(part.p50, 0, p50, at, part.p50.length);
    System.arraycopy(part.p99, 0, p99, at, part.p99.length);
    System.arraycopy(part.max, 0, max, at, part.max.length);
  }

  /** As the table has it. */
  static Double orNull(float distance) {
    return Float.isNaN(distance) ? null : Double.valueOf(distance);
  }
}
