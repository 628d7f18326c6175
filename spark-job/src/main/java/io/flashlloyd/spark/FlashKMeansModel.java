package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.GeneralMLWritable;
import org.apache.spark.ml.util.GeneralMLWriter;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** Centroids that {@link FlashKMeans} found; assigns rows to the nearest. */
public final class FlashKMeansModel extends Model<FlashKMeansModel>
    implements FlashKMeansParams, GeneralMLWritable, HasTrainingSummary<FlashKMeansSummary> {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Centroids centroids;
  private final KMeansParamSet params;
  private transient Option<FlashKMeansSummary> trainingSummary; // null as long as there is none
  private transient NearestCentroid local;

  /** A model of these centroids. */
  public FlashKMeansModel(String uid, Centroids centroids) {
    this.uid = uid;
    this.centroids = centroids;
    this.params = new KMeansParamSet(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public KMeansParamSet paramSet() {
    return params;
  }

  /** The centroids themselves, float32. */
  public Centroids centroids() {
    return centroids;
  }

  /** The centroids as MLlib vectors, by cluster index. */
  public Vector[] clusterCenters() {
    Vector[] centers = new Vector[centroids.k()];
    for (int cluster = 0; cluster < centers.length; cluster++) {
      centers[cluster] = center(centroids, cluster);
    }
    return centers;
  }

  static Vector center(Centroids centroids, int cluster) {
    double[] center = new double[centroids.dimension()];
    for (int t = 0; t < center.length; t++) {
      center[t] = centroids.get(cluster, t);
    }
    return Vectors.dense(center);
  }

  /** Dimension of the rows that this model takes. */
  public int numFeatures() {
    return centroids.dimension();
  }

  /** The cluster of one vector. */
  public int predict(Vector features) {
    if (local == null) {
      local = NearestCentroid.local(centroids, measure());
    }
    return local.find(FeatureVector.of(features));
  }

  /** Adds the prediction column: the index of each row's nearest centroid. */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    NearestCentroid nearest =
        NearestCentroid.shared(dataset.sparkSession().sparkContext(), centroids, measure());
    UDF1<Object, Integer> predict = features -> nearest.find(FeatureVector.of(features));
    return dataset.withColumn(
        getPredictionCol(),
        functions
            .udf(predict, DataTypes.IntegerType)
            .asNonNullable()
            .apply(dataset.col(getFeaturesCol()))
            .as(getPredictionCol(), schema.apply(getPredictionCol()).metadata()));
  }

  private DistanceMeasure measure() {
    return DistanceMeasure.of(getDistanceMeasure());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return PredictionSchema.append(schema, getFeaturesCol(), getPredictionCol(), centroids.k());
  }

  /** A real model of MLlib's with these centroids, params and cost, for what asks for one. */
  public KMeansModel toMLlib() {
    return MllibModel.of(this);
  }

  @Override
  public FlashKMeansModel copy(ParamMap extra) {
    FlashKMeansModel copy = new FlashKMeansModel(uid, centroids);
    copy.trainingSummary = trainingSummary;
    return copyValues(copy.setParent(parent()), extra);
  }

  /** What the fit reported; throws for a model that was loaded: a summary is not saved. */
  @Override
  public FlashKMeansSummary summary() {
    return HasTrainingSummary.super.summary();
  }

  @Override
  public Option<FlashKMeansSummary> trainingSummary() {
    return trainingSummary == null ? Option.empty() : trainingSummary;
  }

  @Override
  public void trainingSummary_$eq(Option<FlashKMeansSummary> summary) {
    trainingSummary = summary;
  }

  FlashKMeansModel setSummary(FlashKMeansSummary summary) {
    trainingSummary = Option.apply(summary);
    return this;
  }

  /** Writes {@code format("internal")}, the default, or {@code format("pmml")}. */
  @Override
  public GeneralMLWriter write() {
    return new GeneralMLWriter(this);
  }

  /** A reader of saved models, MLlib's {@code KMeansModel} among them. */
  public static MLReader<FlashKMeansModel> read() {
    return new ModelReader();
  }

  /** The model saved at {@code path}. */
  public static FlashKMeansModel load(String path) throws IOException {
    return read().load(path);
  }

  /** The same without a session, for programs that do not need Spark's SQL. */
  public static FlashKMeansModel load(String path, Configuration hadoop) {
    return ModelReader.load(path, hadoop);
  }

  /**
   * Saves the model without Spark's SQL, for programs that do not need it.
   *
   * @param path of a folder that is not there
   */
  public void save(String path, SparkSession spark) throws IOException {
    ModelWriter.write(this, path, spark, spark.sparkContext().hadoopConfiguration());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "FlashKMeansModel: uid=%s, k=%d, distanceMeasure=%s, numFeatures=%d",
        uid,
        centroids.k(),
        getDistanceMeasure(),
        centroids.dimension());
  }

  public FlashKMeansModel setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
  }

  public FlashKMeansModel setPredictionCol(String value) {
    set(params.predictionCol, value);
    return this;
  }
}
