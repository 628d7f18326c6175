package io.flashlloyd.spark.checkpoint;

import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.fit.LloydState;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** A fit that leaves checkpoints, or takes up from one, where that was asked for. */
public final class CheckpointedFit {
  private final VectorData data;
  private final KMeansConfig config;
  private final EngineSettings engine;
  private final Progress progress;
  private CheckpointFolder folder;

  /** Of these rows, which stay the caller's to close. */
  public CheckpointedFit(
      VectorData data, KMeansConfig config, EngineSettings engine, Progress progress) {
    this.data = data;
    this.config = config;
    this.engine = engine;
    this.progress = progress;
  }

  /**
   * Runs to the end.
   *
   * @param settings null for a fit without checkpoints
   */
  public LloydResult run(CheckpointSettings settings, Configuration hadoop) throws IOException {
    if (settings == null) {
      return KMeansFit.run(data, config, engine, progress);
    }
    if (config.nInit() != 1) {
      throw new IllegalArgumentException(
          "nInit is %d with checkpoints (expected 1: a checkpoint is of one fit)"
              .formatted(config.nInit()));
    }
    RunIdentity identity = RunIdentity.of(data, config);
    folder = CheckpointFolder.open(settings, identity, hadoop);
    Optional<LloydState> resumed = folder.resumed(config.maxIter());
    if (resumed.isEmpty()) {
      if (settings.resume()) {
        progress.message("no checkpoint in %s: from the beginning".formatted(settings.uri()));
      }
      return KMeansFit.once(data, config, engine, progress, folder);
    }
    progress.message("resumed after iteration %d".formatted(resumed.get().iteration()));
    return KMeansFit.resume(resumed.get(), data, config, engine, progress, folder);
  }

  /** The result is where it belongs: nobody goes on from here. */
  public void removeCheckpoints() throws IOException {
    if (folder != null) {
      folder.remove();
    }
  }
}
