package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.exact.FixedPoint;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.report.IterationReport;
import java.util.Map;

/**
 * New centroids from exact sums: {@code (float) ((double) S / ((double) W_k * 2^s))}, one rounding
 * to float32; an empty cluster keeps its centroid (design section 2.5).
 */
public record CentroidUpdate(Centroids centroids, double shift, int emptyClusters) {
  /** Moves every centroid that has rows to their mean. */
  public static CentroidUpdate of(Centroids current, PartialSums sums, SumScale scale) {
    int dimension = current.dimension();
    float[] values = current.values().clone();
    double largest = 0;
    int empty = 0;
    for (int cluster = 0; cluster < current.k(); cluster++) {
      long weight = sums.counts()[cluster];
      if (weight == 0) {
        empty++;
        continue;
      }
      double moved = 0;
      for (int t = 0; t < dimension; t++) {
        int index = cluster * dimension + t;
        double sum =
            sums.high() == null
                ? (double) sums.low()[index]
                : FixedPoint.wideToDouble(sums.low()[index], sums.high()[index]);
        values[index] = (float) (sum / Math.scalb((double) weight, scale.exponent(t)));
        double step = (double) values[index] - (double) current.get(cluster, t);
        moved = Math.fma(step, step, moved);
      }
      largest = Math.max(largest, moved);
    }
    return new CentroidUpdate(
        new Centroids(values, current.k(), dimension), Math.sqrt(largest), empty);
  }

  IterationReport report(
      int iteration,
      PartialSums sums,
      PassPlan plan,
      Map<String, Double> seconds,
      StageSeconds stages) {
    int costExponent = plan.scale().costExponent(plan.centroids());
    return new IterationReport(
        iteration,
        sums.trainingCost(costExponent),
        shift,
        sums.movedRows(),
        emptyClusters,
        seconds,
        stages.seconds());
  }
}
