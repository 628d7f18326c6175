package io.flashlloyd.spark.many;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydDriver;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.report.Progress;
import java.io.Serializable;

/**
 * One of the fits of a batch.
 *
 * @param member the group, or the number of the subspace
 * @param rows that were clustered
 * @param centroids as many as were asked for, or as there are distinct rows
 * @param trainingCost of these centroids
 * @param iterations of Lloyd's algorithm
 * @param converged whether it stopped by itself
 * @param clusterSizes [centroids.k()] rows of each cluster
 */
@SuppressWarnings("ArrayRecordComponent") // a value that travels, never compared
public record MemberFit(
    String member,
    long rows,
    Centroids centroids,
    double trainingCost,
    int iterations,
    boolean converged,
    long[] clusterSizes)
    implements Serializable {
  /** Fits these rows, and goes through them once more for cost and sizes of the result. */
  static MemberFit of(
      String member,
      VectorRows rows,
      KMeansConfig config,
      EngineSettings engine,
      Progress progress) {
    LloydResult result = KMeansFit.run(rows, config, engine, progress);
    PassPlan plan = PassPlan.assign(result.centroids(), rows.scale());
    PartialSums sums = new LloydDriver(rows, engine, progress).pass("cost", plan).sums();
    return new MemberFit(
        member,
        rows.rows(),
        result.centroids(),
        sums.trainingCost(rows.scale().costShift()),
        result.iterations().size(),
        result.converged(),
        sums.counts());
  }
}
