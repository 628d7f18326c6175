package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.RowWeights;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.lloyd.EmptyCluster;
import io.flashlloyd.spark.lloyd.LloydResult;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import java.io.IOException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
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
    implements FlashKMeansParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(FlashKMeans.class);

  private final String uid;
  private final KMeansParamSet params;
  private final CentroidsParam initialCentroids;

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
  }

  @Override
  public String uid() {
    return uid;
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
    JavaSparkContext spark = new JavaSparkContext(dataset.sparkSession().sparkContext());
    EngineSettings engine = EngineSettings.of(spark.sc(), getEngine());
    try (VectorData data = VectorData.open(spark, source(dataset), 0, Progress.silent())) {
      LloydResult result = KMeansFit.run(data, config(), engine, Progress.silent());
      double cost = KMeansFit.trainingCost(data, result, engine, Progress.silent());
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
    } catch (Exception e) { // Spark's are checked, and not declared
      VectorInputException bad = ExceptionUtils.throwableOfType(e, VectorInputException.class);
      if (bad != null) {
        throw new IllegalArgumentException(bad.getMessage(), e);
      }
      throw e;
    }
  }

  /** Where fits start, in place of {@code initMode}. */
  public CentroidsParam initialCentroids() {
    return initialCentroids;
  }

  /** Where fits start, or null where {@code initMode} says it. */
  public Centroids getInitialCentroids() {
    return isSet(initialCentroids) ? $(initialCentroids) : null;
  }

  private DataFrameSource source(Dataset<?> dataset) {
    boolean weighted = isSet(weightCol()) && !getWeightCol().isEmpty();
    return new DataFrameSource(
        dataset,
        getFeaturesCol(),
        weighted ? RowWeights.of(dataset, getWeightCol()) : null,
        DistanceMeasure.of(getDistanceMeasure()),
        (long) (getChunkSizeInMB() * (1 << 20)));
  }

  private KMeansConfig config() {
    Centroids initial = getInitialCentroids();
    return new KMeansConfig(
        getK(),
        getMaxIter(),
        getTol(),
        getSeed(),
        initial == null ? getInitMode() : KMeansConfig.GIVEN,
        getInitSteps(),
        initial,
        getNInit(),
        EmptyCluster.of(getEmptyCluster()));
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
    return new DefaultParamsReader<>();
  }

  /** The estimator saved at {@code path}. */
  public static FlashKMeans load(String path) throws IOException {
    return read().load(path);
  }

  public FlashKMeans setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
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

  public FlashKMeans setK(int value) {
    set(params.k, value);
    return this;
  }

  public FlashKMeans setMaxIter(int value) {
    set(params.maxIter, value);
    return this;
  }

  public FlashKMeans setTol(double value) {
    set(params.tol, value);
    return this;
  }

  public FlashKMeans setSeed(long value) {
    set(params.seed, value);
    return this;
  }

  public FlashKMeans setInitMode(String value) {
    set(params.initMode, value);
    return this;
  }

  public FlashKMeans setInitSteps(int value) {
    set(params.initSteps, value);
    return this;
  }

  /** {@code euclidean} or {@code cosine}; for cosine rows are scaled to length 1 first. */
  public FlashKMeans setDistanceMeasure(String value) {
    set(params.distanceMeasure, value);
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

  /** Fits with seeds {@code seed}, {@code seed + 1} ...; the first of least cost is the result. */
  public FlashKMeans setNInit(int value) {
    set(params.nInit, value);
    return this;
  }

  /** {@code keep} or {@code split}. */
  public FlashKMeans setEmptyCluster(String value) {
    set(params.emptyCluster, value);
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

  public FlashKMeans setEngine(String value) {
    set(params.engine, value);
    return this;
  }

  public FlashKMeans setChunkSizeInMB(double value) {
    set(params.chunkSizeInMB, value);
    return this;
  }
}
