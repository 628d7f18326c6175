package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.Initializer.Initialization;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import java.util.List;
import java.util.Locale;

/** A whole fit: initialize, then iterate. */
public final class KMeansFit {
  private KMeansFit() {}

  /**
   * Clusters the data.
   *
   * @return the centroids, as many as {@code config.k()} or as there are distinct rows, and each
   *     iteration's numbers; of several fits that of least cost, the first of equals
   */
  public static LloydResult run(
      VectorRows data, KMeansConfig config, EngineSettings engine, Progress progress) {
    return data.together("fit", () -> best(data, config, engine, progress));
  }

  private static LloydResult best(
      VectorRows data, KMeansConfig config, EngineSettings engine, Progress progress) {
    LloydResult best = once(data, config.attempt(0), engine, progress, LloydState.Listener.NONE);
    if (config.nInit() == 1 || config.given() != null) {
      return best; // given centroids leave nothing to chance
    }
    double least = trainingCost(data, best, engine, progress);
    for (int attempt = 1; attempt < config.nInit(); attempt++) {
      LloydResult result =
          once(data, config.attempt(attempt), engine, progress, LloydState.Listener.NONE);
      double cost = trainingCost(data, result, engine, progress);
      if (cost < least) {
        best = result;
        least = cost;
      }
    }
    return best;
  }

  /** One fit, whatever {@code nInit} is, with somebody told of every state that it reaches. */
  public static LloydResult once(
      VectorRows data,
      KMeansConfig config,
      EngineSettings engine,
      Progress progress,
      LloydState.Listener listener) {
    config.checkSize(data.rows(), data.dimension());
    return data.together("fit", () -> initialized(data, config, engine, progress, listener));
  }

  private static LloydResult initialized(
      VectorRows data,
      KMeansConfig config,
      EngineSettings engine,
      Progress progress,
      LloydState.Listener listener) {
    Initialization start = config.initializer(engine, progress).centroids(data);
    Centroids initial = start.centroids();
    if (start.exhausted()) {
      progress.message(
          String.format(
              Locale.ROOT,
              "Warning: the data has %d distinct rows (k is %d): they are the centroids",
              initial.k(),
              config.k()));
      return new LloydResult(initial, List.of(), true);
    }
    LloydState state = LloydState.initial(initial);
    listener.reached(state);
    return resume(state, data, config, engine, progress, listener);
  }

  /** Goes on from a state that an earlier run reached, to where that run would have come. */
  public static LloydResult resume(
      LloydState state,
      VectorRows data,
      KMeansConfig config,
      EngineSettings engine,
      Progress progress,
      LloydState.Listener listener) {
    LloydDriver driver = new LloydDriver(data, engine, progress, config.emptyCluster());
    return data.together("fit", () -> driver.run(state, config.maxIter(), config.tol(), listener));
  }

  /** The training cost of the result's centroids: one more pass, unless they did not move. */
  public static double trainingCost(
      VectorRows data, LloydResult result, EngineSettings engine, Progress progress) {
    if (!result.iterations().isEmpty()) {
      IterationReport last = result.iterations().get(result.iterations().size() - 1);
      if (last.centroidShift() == 0) {
        return last.trainingCost();
      }
    }
    PassPlan plan = PassPlan.assign(result.centroids(), data.scale());
    PartialSums sums = new LloydDriver(data, engine, progress).pass("cost", plan).sums();
    return sums.trainingCost(data.scale().costShift());
  }
}
