package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.init.Initializer.Initialization;
import io.flashlloyd.spark.lloyd.LloydDriver;
import io.flashlloyd.spark.lloyd.LloydResult;
import io.flashlloyd.spark.lloyd.LloydState;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import java.util.List;

/** A whole fit: initialize, then iterate. */
public final class KMeansFit {
  private KMeansFit() {}

  /**
   * Clusters the data.
   *
   * @return the centroids, as many as {@code config.k()} or as there are distinct rows, and each
   *     iteration's numbers
   */
  public static LloydResult run(
      VectorData data, KMeansConfig config, EngineSettings engine, Progress progress) {
    return run(data, config, engine, progress, LloydState.Listener.NONE);
  }

  /** The same, with somebody told of every state that the loop reaches. */
  public static LloydResult run(
      VectorData data,
      KMeansConfig config,
      EngineSettings engine,
      Progress progress,
      LloydState.Listener listener) {
    Initialization start = config.initializer(engine, progress).centroids(data);
    Centroids initial = start.centroids();
    if (start.exhausted()) {
      progress.message(
          "Warning: the data has %d distinct rows (k is %d): they are the centroids"
              .formatted(initial.k(), config.k()));
      return new LloydResult(initial, List.of(), true);
    }
    LloydState state = LloydState.initial(initial);
    listener.reached(state);
    return resume(state, data, config, engine, progress, listener);
  }

  /** Goes on from a state that an earlier run reached, to where that run would have come. */
  public static LloydResult resume(
      LloydState state,
      VectorData data,
      KMeansConfig config,
      EngineSettings engine,
      Progress progress,
      LloydState.Listener listener) {
    return new LloydDriver(data, engine, progress)
        .run(state, config.maxIter(), config.tol(), listener);
  }
}
