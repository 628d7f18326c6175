package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.checkpoint.CheckpointFolder;
import io.flashlloyd.spark.checkpoint.CheckpointSettings;
import io.flashlloyd.spark.checkpoint.CheckpointedFit;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.RowWeights;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exact k-means as a Spark ML estimator, with the params of {@code
 * org.apache.spark.ml.clustering.KMeans}. Features are MLlib vectors, {@code array<float>} or
 * {@code array<double>}; float64 is narrowed to float32 once. The result is a function of the
 * multiset of rows, the params and the seed: no partitioning, executor count or engine changes a
 * bit of it.
 */
public final class FlashKMeans extends Estimator<FlashKMeansModel>
    implements FlashKMeansSetters<FlashKMeans>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(FlashKMeans.class);

  private final String uid;
  private final KMeansParamSet params;
  private final CentroidsParam initialCentroids;
  private final Param<String> checkpointURI;
  private final IntParam checkpointEvery;
  private final BooleanParam resume;

  public FlashKMeans() {
    this(Identifiable$.MODULE$.randomUID("kmeans"));
  }

  /** An estimator with this id, as readers make it. */
  public FlashKMeans(String uid) {
    this.uid = uid;
    this.params = new KMeansParamSet(this);
    this.initialCentroids =
        new CentroidsParam(
            this,
            "initialCentroids",
            "The centroids to start from, k of them. If they are set, initMode is not used.");
    this.checkpointURI =
        new Param<>(
            this,
            "checkpointURI",
            "Folder for the state after each iteration, emptied when the fit has ended. If this is"
                + " not set or empty, there are no checkpoints.");
    this.checkpointEvery =
        new IntParam(
            this,
            "checkpointEvery",
            "Iterations from one checkpoint to the next. Must be > 0.",
            ParamValidators.gtEq(1));
    this.resume =
        new BooleanParam(
            this,
            "resume",
            "Whether to go on from the newest checkpoint, to the same bits; from the beginning"
                + " where there is none.");
    setDefault(checkpointEvery, 1);
    setDefault(resume, false);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public FlashKMeans self() {
    return this;
  }

  @Override
  public KMeansParamSet paramSet() {
    return params;
  }

  /**
   * Clusters the features column.
   *
   * @return a model of k centroids, or of as many as there are distinct rows
   * @throws IllegalArgumentException where a row is no vector of finite numbers, or of another
   *     length, or a weight is negative or no number; it names the row
   */
  @Override
  public FlashKMeansModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return FitCall.run(
        this,
        progress -> {
          try {
            return fit(dataset, progress);
          } catch (IOException e) {
            throw new UncheckedIOException("Checkpoints fail: " + e.getMessage(), e);
          }
        });
  }

  private FlashKMeansModel fit(Dataset<?> dataset, Progress progress) throws IOException {
    JavaSparkContext spark = new JavaSparkContext(dataset.sparkSession().sparkContext());
    EngineSettings engine = EngineSettings.of(spark.sc(), getEngine());
    Configuration hadoop = spark.sc().hadoopConfiguration();
    CheckpointSettings checkpoints = checkpoints();
    if (checkpoints != null) {
      CheckpointFolder.check(checkpoints, hadoop);
    }
    boolean weighted = isSet(weightCol()) && !getWeightCol().isEmpty();
    VectorColumns columns =
        FitCall.columns(this, dataset, weighted ? RowWeights.of(dataset, getWeightCol()) : null);
    try (VectorData data =
        VectorData.open(spark, new DataFrameSource(dataset, columns), engine, 0, progress)) {
      CheckpointedFit fit =
          new CheckpointedFit(data, FitCall.config(this, getInitialCentroids()), engine, progress);
      LloydResult result = fit.run(checkpoints, hadoop);
      double cost = KMeansFit.trainingCost(data, result, engine, progress);
      fit.removeCheckpoints();
      if (result.centroids().k() < getK()) {
        LOG.warn(
            "The data has {} distinct rows (k is {}): they are the centroids",
            result.centroids().k(),
            getK());
      }
      FlashKMeansModel model = new FlashKMeansModel(uid, result.centroids());
      copyValues(model.setParent(this), ParamMap.empty());
      FlashKMeansModel fitted = model.copy(ParamMap.empty());
      return model.setSummary(new FlashKMeansSummary(fitted, dataset, result, cost));
    }
  }

  /** Null where there are to be none. */
  private CheckpointSettings checkpoints() {
    return isSet(checkpointURI) && !$(checkpointURI).isEmpty()
        ? new CheckpointSettings(
            $(checkpointURI), (Integer) $(checkpointEvery), (Boolean) $(resume))
        : null;
  }

  /** Where fits start, in place of {@code initMode}. */
  public CentroidsParam initialCentroids() {
    return initialCentroids;
  }

  /** Where fits start, or null where {@code initMode} says it. */
  public Centroids getInitialCentroids() {
    return isSet(initialCentroids) ? $(initialCentroids) : null;
  }

  /** Where a fit leaves its state, so that one that was killed can be taken up. */
  public Param<String> checkpointURI() {
    return checkpointURI;
  }

  /** Iterations from one checkpoint to the next. */
  public IntParam checkpointEvery() {
    return checkpointEvery;
  }

  /** Whether a fit goes on from the newest checkpoint. */
  public BooleanParam resume() {
    return resume;
  }

  /** A folder on any file system that Hadoop knows; emptied when the fit has ended. */
  public FlashKMeans setCheckpointURI(String value) {
    set(checkpointURI, value);
    return this;
  }

  /** Iterations from one checkpoint to the next, at least 1. */
  public FlashKMeans setCheckpointEvery(int value) {
    set(checkpointEvery, value);
    return this;
  }

  /** Goes on from the newest checkpoint; the result has the bits of a fit that nobody killed. */
  public FlashKMeans setResume(boolean value) {
    set(resume, value);
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return PredictionSchema.append(schema, getFeaturesCol(), getPredictionCol());
  }

  @Override
  public FlashKMeans copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved estimators. */
  public static MLReader<FlashKMeans> read() {
    return new SavedMetadata.Reader<>(FlashKMeans.class);
  }

  /** The estimator saved at {@code path}. */
  public static FlashKMeans load(String path) throws IOException {
    return read().load(path);
  }

  public FlashKMeans setPredictionCol(String value) {
    set(params.predictionCol, value);
    return this;
  }

  /** A numeric column; unset or empty, every row counts once. Rows of weight 0 are left out. */
  public FlashKMeans setWeightCol(String value) {
    set(params.weightCol, value);
    return this;
  }

  /** Accepted so that a pipeline of MLlib's runs as it is; has no effect. */
  public FlashKMeans setSolver(String value) {
    set(params.solver, value);
    return this;
  }

  /** Accepted so that a pipeline of MLlib's runs as it is; has no effect. */
  public FlashKMeans setMaxBlockSizeInMB(double value) {
    set(params.maxBlockSizeInMB, value);
    return this;
  }

  /**
   * Starts fits from these centroids, narrowed to float32, and sets k to their number.
   *
   * @param centroids at least two, of the rows' dimension
   */
  public FlashKMeans setInitialCentroids(Vector[] centroids) {
    return setInitialCentroids(CentroidsParam.of(centroids));
  }

  /** Starts fits from these centroids and sets k to their number. */
  public FlashKMeans setInitialCentroids(Centroids centroids) {
    set(params.k, centroids.k());
    set(initialCentroids, centroids);
    return this;
  }

  /** Starts fits from where another ended: a warm start. Sets k to the number of its centroids. */
  public FlashKMeans setInitialModel(FlashKMeansModel model) {
    return setInitialCentroids(model.centroids());
  }

  /** The same with a model of MLlib's. */
  public FlashKMeans setInitialModel(KMeansModel model) {
    return setInitialCentroids(model.clusterCenters());
  }
}
