package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.exact.UnitVector;
import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Means of clusters from exact sums: {@code (float) ((double) S / ((double) W_k * 2^s))}, one
 * rounding to float32 (design section 2.5). For cosine the mean is scaled to length 1 before it is
 * rounded. A cluster without rows, or with a mean of zero for cosine, keeps its centroid. Each
 * cluster's mean is its own affair, so ranges of clusters are computed where their sums are.
 *
 * @param centroids the means, [clusters x dimension]
 * @param moves [clusters] squared distances of means, before they are rounded, from the centroids
 *     that rows were assigned to
 * @param largestStep the largest squared distance between a centroid before and after
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClusterMeans(Centroids centroids, double[] moves, double largestStep)
    implements Serializable {
  /**
   * Of a range of clusters.
   *
   * @param current all centroids that rows were assigned to
   * @param first the cluster that the sums' first one is
   */
  static ClusterMeans of(
      Centroids current, int first, PartialSums sums, SumScale scale, DistanceMeasure measure) {
    int dimension = current.dimension();
    int offset = first * dimension;
    float[] before = current.values();
    float[] values = Arrays.copyOfRange(before, offset, offset + sums.k() * dimension);
    double[] moves = new double[sums.k()];
    double[] mean = new double[dimension];
    double largest = 0;
    for (int cluster = 0; cluster < sums.k(); cluster++) {
      if (sums.counts()[cluster] == 0) {
        continue;
      }
      int at = cluster * dimension;
      mean(sums, cluster, scale, mean);
      round(mean, measure, values, at);
      double step = 0;
      for (int t = 0; t < dimension; t++) {
        double from = before[offset + at + t];
        double exact = mean[t] - from;
        moves[cluster] = Math.fma(exact, exact, moves[cluster]);
        double rounded = values[at + t] - from;
        step = Math.fma(rounded, rounded, step);
      }
      largest = Math.max(largest, step);
    }
    Centroids centroids = new Centroids(values, sums.k(), dimension);
    return new ClusterMeans(centroids, moves, largest);
  }

  private static void mean(PartialSums sums, int cluster, SumScale scale, double[] mean) {
    double weight = sums.counts()[cluster];
    for (int t = 0; t < mean.length; t++) {
      double sum = sums.sum(cluster, t, scale.exponent(t));
      mean[t] = sum / (weight * Math.scalb(1.0, scale.exponent(t))); // a power of two: no rounding
    }
  }

  private static void round(double[] mean, DistanceMeasure measure, float[] values, int offset) {
    if (measure == DistanceMeasure.COSINE) {
      UnitVector.scale(mean, values, offset);
      return;
    }
    for (int t = 0; t < mean.length; t++) {
      values[offset + t] = (float) mean[t];
    }
  }
}
