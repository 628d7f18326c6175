package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.RowWeights;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.fit.EmptyCluster;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.LineProgress;
import io.flashlloyd.spark.report.LiveRun;
import io.flashlloyd.spark.report.LiveRuns;
import io.flashlloyd.spark.report.Progress;
import java.util.function.Function;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;

/** What an estimator runs by its params, with a line of progress if asked, and how it fails. */
final class FitCall {
  private FitCall() {}

  /** What is wrong with a row comes out of Spark's exceptions as it was said there. */
  static <R> R run(FlashKMeansParams params, Function<Progress, R> fit) {
    try {
      return params.getVerbose() ? watched(params, fit) : live(params, fit, Progress.silent());
    } catch (Exception e) { // Spark's are checked, and not declared
      VectorInputException bad = ExceptionUtils.throwableOfType(e, VectorInputException.class);
      if (bad != null) {
        throw new IllegalArgumentException(bad.getMessage(), e);
      }
      throw e;
    }
  }

  private static <R> R watched(FlashKMeansParams params, Function<Progress, R> fit) {
    try (LineProgress progress = LineProgress.standard()) {
      return live(params, fit, progress);
    }
  }

  private static <R> R live(
      FlashKMeansParams params, Function<Progress, R> fit, Progress progress) {
    try (LiveRun run = LiveRuns.begin(params.uid(), progress)) {
      R result = fit.apply(run);
      run.done();
      return result;
    }
  }

  /** The columns that an estimator with these params reads. */
  static VectorColumns columns(FlashKMeansParams params, Dataset<?> dataset, RowWeights weights) {
    return VectorColumns.of(
        dataset,
        params.getFeaturesCol(),
        weights,
        DistanceMeasure.of(params.getDistanceMeasure()),
        (long) (params.getChunkSizeInMB() * (1 << 20)));
  }

  /**
   * What an estimator with these params is to run.
   *
   * @param initial where to start, or null where {@code initMode} says it
   */
  static KMeansConfig config(FlashKMeansParams params, Centroids initial) {
    return new KMeansConfig(
        params.getK(),
        params.getMaxIter(),
        params.getTol(),
        params.getSeed(),
        initial == null ? params.getInitMode() : KMeansConfig.GIVEN,
        params.getInitSteps(),
        initial,
        params.getNInit(),
        EmptyCluster.of(params.getEmptyCluster()));
  }

  /** Refuses a param that an estimator shares with others but cannot follow. */
  static void refuse(FlashKMeansParams owner, Param<?> param, String instead) {
    if (owner.isSet(param)) {
      throw new IllegalArgumentException(
          "%s has %s set, which it does not support (%s)"
              .formatted(owner.uid(), param.name(), instead));
    }
  }
}
