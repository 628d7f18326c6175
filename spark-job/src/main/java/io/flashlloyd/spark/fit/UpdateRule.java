package io.flashlloyd.spark.fit;

import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.report.IterationReport;

/**
 * How centroids move, and when they have moved enough.
 *
 * @param measure of distance; for cosine, means are scaled to length 1
 * @param empty what becomes of clusters without rows
 */
public record UpdateRule(DistanceMeasure measure, EmptyCluster empty) {
  /** As MLlib: no centroid moved farther than {@code tol} by the measure; at 0, no row moved. */
  boolean converged(double tol, IterationReport report, int splits) {
    double shift = report.centroidShift();
    return tol == 0
        ? report.movedRows() == 0 && splits == 0
        : measure.distance(shift * shift) <= tol;
  }
}
