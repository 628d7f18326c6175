package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.exact.FixedPoint;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.exact.UnitVector;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.task.PassResult;
import java.util.Map;

/**
 * New centroids from exact sums: {@code (float) ((double) S / ((double) W_k * 2^s))}, one rounding
 * to float32 (design section 2.5). For cosine the mean is scaled to length 1 before it is rounded,
 * and a mean of zero leaves the centroid where it was.
 *
 * @param shift the largest distance that a centroid moved, Euclidean
 * @param emptyClusters clusters that had no rows
 * @param splits of them, how many were given a part of another cluster
 */
public record CentroidUpdate(Centroids centroids, double shift, int emptyClusters, int splits) {
  /**
   * Moves every centroid that has rows to their mean, and the others as the rule says.
   *
   * @param iteration that these sums are of
   */
  public static CentroidUpdate of(
      Centroids current, PartialSums sums, SumScale scale, UpdateRule rule, int iteration) {
    int dimension = current.dimension();
    float[] values = current.values().clone();
    double[] moves = new double[current.k()];
    double[] mean = new double[dimension];
    int empty = 0;
    for (int cluster = 0; cluster < current.k(); cluster++) {
      if (sums.counts()[cluster] == 0) {
        empty++;
        continue;
      }
      mean(sums, scale, cluster, mean);
      for (int t = 0; t < dimension; t++) {
        double step = mean[t] - (double) current.get(cluster, t);
        moves[cluster] = Math.fma(step, step, moves[cluster]);
      }
      round(mean, rule.measure(), values, cluster * dimension);
    }
    int splits =
        empty > 0 && rule.empty() == EmptyCluster.SPLIT
            ? new ClusterSplit(current, sums, scale, moves, values).fillAll(rule, iteration)
            : 0;
    Centroids moved = new Centroids(values, current.k(), dimension);
    return new CentroidUpdate(moved, shift(current, moved), empty, splits);
  }

  private static void mean(PartialSums sums, SumScale scale, int cluster, double[] mean) {
    double weight = sums.counts()[cluster];
    for (int t = 0; t < mean.length; t++) {
      int index = cluster * mean.length + t;
      double sum =
          sums.high() == null
              ? (double) sums.low()[index]
              : FixedPoint.wideToDouble(sums.low()[index], sums.high()[index]);
      mean[t] = sum / Math.scalb(weight, scale.exponent(t));
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

  private static double shift(Centroids from, Centroids to) {
    double largest = 0;
    for (int cluster = 0; cluster < from.k(); cluster++) {
      double moved = 0;
      for (int t = 0; t < from.dimension(); t++) {
        double step = (double) to.get(cluster, t) - (double) from.get(cluster, t);
        moved = Math.fma(step, step, moved);
      }
      largest = Math.max(largest, moved);
    }
    return Math.sqrt(largest);
  }

  IterationReport report(
      int iteration,
      PartialSums sums,
      PassPlan plan,
      Map<String, Double> seconds,
      PassResult pass) {
    int costUnit = plan.scale().costUnit(plan.centroids());
    return new IterationReport(
        iteration,
        sums.trainingCost(costUnit),
        shift,
        sums.movedRows(),
        emptyClusters,
        pass.unscreenedRows(),
        seconds,
        pass.stages().plus("reduce", seconds.get("reduce")).seconds());
  }
}
