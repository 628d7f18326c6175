package io.flashlloyd.spark;

import io.flashlloyd.spark.lloyd.LloydResult;
import io.flashlloyd.spark.report.IterationReport;
import java.util.List;
import org.apache.spark.ml.clustering.KMeansSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What MLlib's summary says of a fit, and each iteration's numbers. Two differences: {@code
 * trainingCost} is that of the returned centroids, not of those before the last update; and {@code
 * numIter} does not count iterations that were not needed.
 */
public final class FlashKMeansSummary extends KMeansSummary {
  private static final long serialVersionUID = 1L;

  private final List<IterationReport> iterations;
  private final boolean converged;

  private FlashKMeansSummary(
      FlashKMeansModel model, Dataset<Row> predictions, LloydResult result, double trainingCost) {
    super(
        predictions,
        model.getPredictionCol(),
        model.getFeaturesCol(),
        model.getK(),
        result.iterations().size(),
        trainingCost);
    this.iterations = List.copyOf(result.iterations());
    this.converged = result.converged();
  }

  /** Predictions are computed when somebody asks for them. */
  static FlashKMeansSummary of(
      FlashKMeansModel model, Dataset<?> dataset, LloydResult result, double trainingCost) {
    return new FlashKMeansSummary(model, model.transform(dataset), result, trainingCost);
  }

  /** Each Lloyd iteration's cost, largest move, moved rows, empty clusters and seconds. */
  public List<IterationReport> iterations() {
    return iterations;
  }

  /** Whether the fit stopped by itself, before {@code maxIter} ran out. */
  public boolean converged() {
    return converged;
  }

  /** [numIter] training cost against the centroids before each iteration's update. */
  public double[] costHistory() {
    return iterations.stream().mapToDouble(IterationReport::trainingCost).toArray();
  }
}
