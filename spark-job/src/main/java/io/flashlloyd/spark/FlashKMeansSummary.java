package io.flashlloyd.spark;

import io.flashlloyd.spark.fit.LloydResult;
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

  private final transient FlashKMeansModel model;
  private final transient Dataset<?> dataset;
  private final List<IterationReport> iterations;
  private final boolean converged;

  private transient Dataset<Row> predictions;

  /**
   * Of a fit of {@code dataset}.
   *
   * @param model the copy that predictions are made with
   */
  FlashKMeansSummary(
      FlashKMeansModel model, Dataset<?> dataset, LloydResult result, double trainingCost) {
    super(
        null,
        model.getPredictionCol(),
        model.getFeaturesCol(),
        model.getK(),
        result.iterations().size(),
        trainingCost);
    this.model = model;
    this.dataset = dataset;
    this.iterations = List.copyOf(result.iterations());
    this.converged = result.converged();
  }

  /** The training rows with their clusters; made when they are first asked for. */
  @Override
  public synchronized Dataset<Row> predictions() {
    if (predictions == null) {
      predictions = model.transform(dataset);
    }
    return predictions;
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
