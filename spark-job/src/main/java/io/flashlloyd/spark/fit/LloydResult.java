package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.report.IterationReport;
import java.util.List;

/**
 * Where Lloyd's algorithm ended.
 *
 * @param converged whether it stopped by itself, before the iterations ran out
 */
public record LloydResult(
    Centroids centroids, List<IterationReport> iterations, boolean converged) {}
