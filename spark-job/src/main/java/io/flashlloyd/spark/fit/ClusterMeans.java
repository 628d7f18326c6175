package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.exact.UnitVector;
import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Means of clusters from exact sums: {@code (float) ((double) S / ((double) W_k * 2^s))}, one
 * rounding to float32 (contract section 5). For cosine the mean is scaled to length 1 before it is
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
  /** Clusters that one core does in one go. */
  private static final int RUN = 64;

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
    int runs = (sums.k() + RUN - 1) / RUN;
    double largest =
        IntStream.range(0, runs)
            .parallel()
            .mapToDouble(
                run -> {
                  double[] mean = new double[dimension];
                  double step = 0;
                  for (int c = run * RUN; c < Math.min((run + 1) * RUN, sums.k()); c++) {
                    if (sums.counts()[c] != 0) {
                      mean(sums, c, scale, mean);
                      round(mean, measure, values, c * dimension);
                      moves[c] = move(mean, before, offset + c * dimension);
                      step = Math.max(step, step(values, c, before, offset, dimension));
                    }
                  }
                  return step;
                })
            .max()
            .orElse(0);
    Centroids centroids = new Centroids(values, sums.k(), dimension);
    return new ClusterMeans(centroids, moves, largest);
  }

  private static double move(double[] mean, float[] before, int from) {
    double move = 0;
    for (int t = 0; t < mean.length; t++) {
      double exact = mean[t] - before[from + t];
      move = Math.fma(exact, exact, move);
    }
    return move;
  }

  private static double step(
      float[] values, int cluster, float[] before, int offset, int dimension) {
    int at = cluster * dimension;
    double step = 0;
    for (int t = 0; t < dimension; t++) {
      double rounded = values[at + t] - (double) before[offset + at + t];
      step = Math.fma(rounded, rounded, step);
    }
    return step;
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
