package io.flashlloyd.spark;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.SupportedSpark;
import io.flashlloyd.spark.fit.EmptyCluster;
import io.flashlloyd.spark.fit.KMeansConfig;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/**
 * The params that estimator and model share, with MLlib's names, texts, defaults and validators
 * where it has them. Made by their constructors once {@code uid} is set: a Param remembers it.
 */
final class KMeansParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  /** As MLlib does it: the hash of the class's name, so that two runs agree. */
  private static final long DEFAULT_SEED = FlashKMeans.class.getName().hashCode();

  private static final double MEBIBYTE = 1 << 20;

  final Param<String> featuresCol;
  final Param<String> predictionCol;
  final Param<String> weightCol;
  final IntParam k;
  final IntParam maxIter;
  final DoubleParam tol;
  final LongParam seed;
  final Param<String> initMode;
  final IntParam initSteps;
  final Param<String> distanceMeasure;
  final Param<String> solver;
  final DoubleParam maxBlockSizeInMB;
  final IntParam nInit;
  final Param<String> emptyCluster;
  final Param<String> engine;
  final DoubleParam chunkSizeInMB;
  final BooleanParam verbose;

  private final Params owner;

  KMeansParamSet(Params owner) {
    SupportedSpark.require();
    this.owner = owner;
    featuresCol = text("featuresCol", "features column name");
    predictionCol = text("predictionCol", "prediction column name");
    weightCol =
        text(
            "weightCol",
            "weight column name. If this is not set or empty, we treat all instance weights as"
                + " 1.0");
    k = integer("k", "The number of clusters to create. Must be > 1.", 2);
    maxIter = integer("maxIter", "maximum number of iterations (>= 0)", 0);
    tol =
        number(
            "tol",
            "the convergence tolerance for iterative algorithms (>= 0); 0 stops when no row moved");
    seed = new LongParam(owner, "seed", "random seed");
    initMode =
        choice(
            "initMode",
            "The initialization algorithm. Supported options: 'random' and 'k-means||'.",
            List.of(KMeansConfig.RANDOM, KMeansConfig.PARALLEL));
    initSteps =
        integer(
            "initSteps", "The number of steps for k-means|| initialization mode. Must be > 0.", 1);
    distanceMeasure =
        choice(
            "distanceMeasure",
            "The distance measure. Supported options: 'euclidean' and 'cosine'",
            DistanceMeasure.labels());
    solver =
        choice(
            "solver",
            "The solver algorithm for optimization. Supported options: row, block, auto. (Default"
                + " auto) Kept for MLlib's pipelines: it has no effect here.",
            List.of("row", "block", "auto"));
    maxBlockSizeInMB =
        number(
            "maxBlockSizeInMB",
            "Maximum memory in MB for stacking input data into blocks. Data is stacked within"
                + " partitions. If more than remaining data size in a partition then it is"
                + " adjusted to the data size. Default 0.0 represents choosing optimal value,"
                + " depends on specific algorithm. Must be >= 0. Kept for MLlib's pipelines: it has"
                + " no effect here; see chunkSizeInMB.");
    nInit =
        integer(
            "nInit",
            "The number of fits from different initial centroids, of which the one of least cost"
                + " is kept. Must be > 0.",
            1);
    emptyCluster =
        choice(
            "emptyCluster",
            "What becomes of a cluster without rows. Supported options: 'keep' (it keeps its"
                + " centroid) and 'split' (it takes half of the cluster that costs most).",
            EmptyCluster.labels());
    engine =
        choice(
            "engine",
            "What does the arithmetic: 'auto', 'cpu', 'gpu' or 'reference'. Same result.",
            EngineSettings.CHOICES);
    chunkSizeInMB =
        new DoubleParam(
            owner,
            "chunkSizeInMB",
            "Most memory in MB of one chunk of rows. Must be > 0 and < 2048. Same result.",
            ParamValidators.inRange(0, InputSpec.MAX_CHUNK_BYTES / MEBIBYTE, false, true));
    verbose =
        new BooleanParam(
            owner, "verbose", "Whether a fit shows its progress, as one updating line.");
    setDefaults();
  }

  private void setDefaults() {
    owner.setDefault(featuresCol, "features");
    owner.setDefault(predictionCol, "prediction");
    owner.setDefault(k, 2);
    owner.setDefault(maxIter, 20);
    owner.setDefault(tol, 1e-4);
    owner.setDefault(seed, DEFAULT_SEED);
    owner.setDefault(initMode, KMeansConfig.PARALLEL);
    owner.setDefault(initSteps, 2);
    owner.setDefault(distanceMeasure, DistanceMeasure.EUCLIDEAN.label());
    owner.setDefault(solver, "auto");
    owner.setDefault(maxBlockSizeInMB, 0.0);
    owner.setDefault(nInit, 1);
    owner.setDefault(emptyCluster, EmptyCluster.KEEP.label());
    owner.setDefault(engine, "auto");
    owner.setDefault(verbose, false);
    owner.setDefault(chunkSizeInMB, InputSpec.DEFAULT_CHUNK_BYTES / MEBIBYTE);
  }

  private Param<String> text(String name, String doc) {
    return new Param<>(owner, name, doc);
  }

  private Param<String> choice(String name, String doc, List<String> choices) {
    return new Param<>(owner, name, doc, ParamValidators.inArray(choices));
  }

  private IntParam integer(String name, String doc, int least) {
    return new IntParam(owner, name, doc, ParamValidators.gtEq(least));
  }

  private DoubleParam number(String name, String doc) {
    return new DoubleParam(owner, name, doc, ParamValidators.gtEq(0));
  }
}
