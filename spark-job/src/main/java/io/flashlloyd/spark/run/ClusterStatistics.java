package io.flashlloyd.spark.run;

import io.flashlloyd.io.output.ClusterRow;
import java.util.Arrays;

/**
 * What a run knew of its clusters when it ended; by cluster number.
 *
 * @param sizes [k] rows
 * @param costs [k] training cost
 * @param p99 [k] the distance that 99 % of the cluster's rows do not exceed; below 0 where it had
 *     none, so that every row that comes to it counts as far
 */
@SuppressWarnings("ArrayRecordComponent") // large values, passed on, never compared
public record ClusterStatistics(long[] sizes, double[] costs, float[] p99) {
  /** Statistics of {@code k} empty clusters, to be filled in. */
  public static ClusterStatistics empty(int k) {
    float[] p99 = new float[k];
    Arrays.fill(p99, -1);
    return new ClusterStatistics(new long[k], new double[k], p99);
  }

  /** Fills in a line of the table. */
  void take(ClusterRow row) {
    sizes[row.cluster()] = row.size();
    costs[row.cluster()] = row.cost();
    if (row.distanceP99() != null) {
      p99[row.cluster()] = row.distanceP99().floatValue();
    }
  }

  public int k() {
    return sizes.length;
  }

  public long rows() {
    return Arrays.stream(sizes).sum();
  }

  /** Cost of a row, on average. */
  public double costPerRow() {
    return Arrays.stream(costs).sum() / rows();
  }
}
