package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.report.IterationReport;
import java.util.Arrays;
import java.util.Map;

/**
 * New centroids: means of their rows, and for clusters without rows what the rule says.
 *
 * @param shift the largest distance that a centroid moved, Euclidean
 * @param emptyClusters clusters that had no rows
 * @param splits of them, how many were given a part of another cluster
 */
public record CentroidUpdate(Centroids centroids, double shift, int emptyClusters, int splits) {
  /**
   * Moves every centroid that has rows to their mean, and the others as the rule says.
   *
   * @param sums or their totals: counts and costs are read
   * @param iteration that these means are of
   */
  static CentroidUpdate of(
      Centroids current, ClusterMeans means, PartialSums sums, UpdateRule rule, int iteration) {
    int empty = (int) Arrays.stream(sums.counts()).filter(count -> count == 0).count();
    if (empty == 0 || rule.empty() != EmptyCluster.SPLIT) {
      double shift = Math.sqrt(means.largestStep());
      return new CentroidUpdate(means.centroids(), shift, empty, 0);
    }
    float[] values = means.centroids().values().clone();
    int splits = new ClusterSplit(sums, means.moves(), values).fillAll(rule, iteration);
    Centroids moved = new Centroids(values, current.k(), current.dimension());
    return new CentroidUpdate(moved, shift(current, moved), empty, splits);
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
      int iteration, PassPlan plan, Map<String, Double> seconds, PassResult pass) {
    PartialSums sums = pass.sums();
    return new IterationReport(
        iteration,
        sums.trainingCost(plan.scale().costShift()),
        shift,
        sums.movedRows(),
        emptyClusters,
        pass.unscreenedRows(),
        seconds,
        pass.stages().plus("reduce", seconds.get("reduce")).seconds());
  }
}
