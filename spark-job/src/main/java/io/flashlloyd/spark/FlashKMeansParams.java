package io.flashlloyd.spark;

import io.flashlloyd.spark.task.EngineSettings;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/**
 * The params that estimator and model share, with MLlib's names, defaults and validators where it
 * has them. Made by their constructors once {@code uid} is set: a Param remembers it.
 */
final class FlashKMeansParams {
  /** As MLlib does it: the hash of the class's name, so that two runs agree. */
  private static final long DEFAULT_SEED = FlashKMeans.class.getName().hashCode();

  final IntParam k;
  final IntParam maxIter;
  final DoubleParam tol;
  final LongParam seed;
  final Param<String> initMode;
  final IntParam initSteps;
  final Param<String> featuresCol;
  final Param<String> predictionCol;
  final Param<String> engine;

  FlashKMeansParams(Params owner) {
    k =
        new IntParam(
            owner, "k", "The number of clusters to create. Must be > 1.", ParamValidators.gt(1));
    maxIter =
        new IntParam(
            owner, "maxIter", "maximum number of iterations (>= 0)", ParamValidators.gtEq(0));
    tol =
        new DoubleParam(
            owner,
            "tol",
            "the convergence tolerance for iterative algorithms (>= 0); 0 stops when no row moved",
            ParamValidators.gtEq(0));
    seed = new LongParam(owner, "seed", "random seed");
    initMode =
        new Param<>(
            owner,
            "initMode",
            "The initialization algorithm. Supported options: 'random' and 'k-means||'.",
            ParamValidators.inArray(List.of(KMeansConfig.PARALLEL, KMeansConfig.RANDOM)));
    initSteps =
        new IntParam(
            owner,
            "initSteps",
            "The number of steps for k-means|| initialization mode. Must be > 0.",
            ParamValidators.gt(0));
    featuresCol = new Param<>(owner, "featuresCol", "features column name");
    predictionCol = new Param<>(owner, "predictionCol", "prediction column name");
    engine =
        new Param<>(
            owner,
            "engine",
            "What does the arithmetic: 'auto', 'cpu', 'gpu' or 'reference'. Same result.",
            ParamValidators.inArray(EngineSettings.CHOICES));
    defaults(owner);
  }

  private void defaults(Params owner) {
    owner.setDefault(k, 2);
    owner.setDefault(maxIter, 20);
    owner.setDefault(tol, 1e-4);
    owner.setDefault(seed, DEFAULT_SEED);
    owner.setDefault(initMode, KMeansConfig.PARALLEL);
    owner.setDefault(initSteps, 2);
    owner.setDefault(featuresCol, "features");
    owner.setDefault(predictionCol, "prediction");
    owner.setDefault(engine, "auto");
  }
}
