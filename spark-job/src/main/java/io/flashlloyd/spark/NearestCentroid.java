package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.Serializable;

/**
 * One row's nearest centroid, by the canonical distance. The distance is a sum of squares in a
 * fixed order, so it never falls: a centroid is given up, without a change of the result, as soon
 * as its partial sum reaches the best.
 */
final class NearestCentroid implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Coordinates between two looks at the partial sum. */
  private static final int STRIDE = 16;

  private final Centroids centroids;
  private final DistanceMeasure measure;

  NearestCentroid(Centroids centroids, DistanceMeasure measure) {
    this.centroids = centroids;
    this.measure = measure;
  }

  /** The index of the centroid nearest to {@code x}, which is used up; the lowest of equals. */
  int find(float[] x) {
    if (x.length != centroids.dimension()) {
      throw new IllegalArgumentException(
          "Row has dimension %d (expected %d, as the model)"
              .formatted(x.length, centroids.dimension()));
    }
    if (!measure.prepare(x)) {
      throw new IllegalArgumentException("Row cannot be placed: " + DistanceMeasure.ZERO_VECTOR);
    }
    int best = 0;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < centroids.k(); cluster++) {
      double distance = distanceBelow(x, cluster, bestDistance);
      if (distance < bestDistance) {
        best = cluster;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** The squared distance, or some number at least {@code bound} where it is not below that. */
  private double distanceBelow(float[] x, int cluster, double bound) {
    double sum = 0;
    for (int from = 0; from < x.length && sum < bound; from += STRIDE) {
      int to = Math.min(x.length, from + STRIDE);
      for (int t = from; t < to; t++) {
        double difference = (double) x[t] - (double) centroids.get(cluster, t);
        sum = Math.fma(difference, difference, sum);
      }
    }
    return sum;
  }
}
