package io.flashlloyd.spark;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.lloyd.LloydResult;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import java.io.IOException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
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
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(FlashKMeans.class);

  private final String uid;
  private final FlashKMeansParams params;

  public FlashKMeans() {
    this(Identifiable$.MODULE$.randomUID("kmeans"));
  }

  /** An estimator with this id, as readers make it. */
  public FlashKMeans(String uid) {
    this.uid = uid;
    this.params = new FlashKMeansParams(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Clusters the features column.
   *
   * @return a model of k centroids, or of as many as there are distinct rows
   * @throws IllegalArgumentException where a row is no vector of finite numbers, or of another
   *     length; it names the row
   */
  @Override
  public FlashKMeansModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    KMeansConfig config =
        new KMeansConfig(
            getK(), getMaxIter(), getTol(), getSeed(), getInitMode(), getInitSteps(), null);
    JavaSparkContext spark = new JavaSparkContext(dataset.sparkSession().sparkContext());
    EngineSettings engine = EngineSettings.of(spark.sc(), $(params.engine));
    DataFrameSource source =
        new DataFrameSource(dataset, getFeaturesCol(), InputSpec.DEFAULT_CHUNK_BYTES);
    try (VectorData data = VectorData.open(spark, source, engine, 0, Progress.silent())) {
      LloydResult result = KMeansFit.run(data, config, engine, Progress.silent());
      if (result.centroids().k() < config.k()) {
        LOG.warn(
            "The data has {} distinct rows (k is {}): they are the centroids",
            result.centroids().k(),
            config.k());
      }
      FlashKMeansModel model = new FlashKMeansModel(uid, result.centroids());
      return copyValues(model.setParent(this), ParamMap.empty());
    } catch (Exception e) { // Spark's are checked, and not declared
      VectorInputException bad = ExceptionUtils.throwableOfType(e, VectorInputException.class);
      if (bad != null) {
        throw new IllegalArgumentException(bad.getMessage(), e);
      }
      throw e;
    }
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

  public IntParam k() {
    return params.k;
  }

  public IntParam maxIter() {
    return params.maxIter;
  }

  public DoubleParam tol() {
    return params.tol;
  }

  public LongParam seed() {
    return params.seed;
  }

  public Param<String> initMode() {
    return params.initMode;
  }

  public IntParam initSteps() {
    return params.initSteps;
  }

  public Param<String> featuresCol() {
    return params.featuresCol;
  }

  public Param<String> predictionCol() {
    return params.predictionCol;
  }

  public Param<String> engine() {
    return params.engine;
  }

  public int getK() {
    return (Integer) $(params.k);
  }

  public int getMaxIter() {
    return (Integer) $(params.maxIter);
  }

  public double getTol() {
    return (Double) $(params.tol);
  }

  public long getSeed() {
    return (Long) $(params.seed);
  }

  public String getInitMode() {
    return $(params.initMode);
  }

  public int getInitSteps() {
    return (Integer) $(params.initSteps);
  }

  public String getFeaturesCol() {
    return $(params.featuresCol);
  }

  public String getPredictionCol() {
    return $(params.predictionCol);
  }

  public String getEngine() {
    return $(params.engine);
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

  public FlashKMeans setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
  }

  public FlashKMeans setPredictionCol(String value) {
    set(params.predictionCol, value);
    return this;
  }

  public FlashKMeans setEngine(String value) {
    set(params.engine, value);
    return this;
  }
}
