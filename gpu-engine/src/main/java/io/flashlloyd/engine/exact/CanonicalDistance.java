package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;

/** The distance that decides every assignment (contract section 3). */
public final class CanonicalDistance {
  private CanonicalDistance() {}

  /**
   * The square of the Euclidean distance of a row from a centroid: one fused multiply-add for each
   * coordinate, in their order, in float64.
   */
  public static double squared(HostRows rows, int row, Centroids centroids, int cluster) {
    double sum = 0;
    for (int t = 0; t < centroids.dimension(); t++) {
      double difference = (double) rows.get(row, t) - (double) centroids.get(cluster, t);
      sum = Math.fma(difference, difference, sum);
    }
    return sum;
  }

  /** The same for float32 arrays, from the given offsets. */
  public static double squared(float[] x, int xOffset, float[] c, int cOffset, int dimension) {
    double sum = 0;
    for (int t = 0; t < dimension; t++) {
      double difference = (double) x[xOffset + t] - (double) c[cOffset + t];
      sum = Math.fma(difference, difference, sum);
    }
    return sum;
  }
}
