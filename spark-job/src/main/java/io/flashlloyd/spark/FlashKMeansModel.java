package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import java.io.IOException;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Centroids that {@link FlashKMeans} found; assigns rows to the nearest. */
public final class FlashKMeansModel extends Model<FlashKMeansModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Centroids centroids;
  private final FlashKMeansParams params;

  /** A model of these centroids. */
  public FlashKMeansModel(String uid, Centroids centroids) {
    this.uid = uid;
    this.centroids = centroids;
    this.params = new FlashKMeansParams(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** The centroids themselves, float32. */
  public Centroids centroids() {
    return centroids;
  }

  /** The centroids as MLlib vectors, by cluster index. */
  public Vector[] clusterCenters() {
    Vector[] centers = new Vector[centroids.k()];
    for (int cluster = 0; cluster < centers.length; cluster++) {
      double[] center = new double[centroids.dimension()];
      for (int t = 0; t < center.length; t++) {
        center[t] = centroids.get(cluster, t);
      }
      centers[cluster] = Vectors.dense(center);
    }
    return centers;
  }

  /** Dimension of the rows that this model takes. */
  public int numFeatures() {
    return centroids.dimension();
  }

  /** The cluster of one vector. */
  public int predict(Vector features) {
    return new NearestCentroid(centroids).find(FeatureVector.of(features));
  }

  /** Adds the prediction column: the index of each row's nearest centroid. */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    NearestCentroid nearest = new NearestCentroid(centroids);
    UDF1<Object, Integer> predict = features -> nearest.find(FeatureVector.of(features));
    NominalAttribute clusters =
        NominalAttribute.defaultAttr().withName(getPredictionCol()).withNumValues(centroids.k());
    return dataset.withColumn(
        getPredictionCol(),
        functions
            .udf(predict, DataTypes.IntegerType)
            .asNonNullable()
            .apply(dataset.col(getFeaturesCol()))
            .as(getPredictionCol(), clusters.toMetadata()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return PredictionSchema.append(schema, getFeaturesCol(), getPredictionCol());
  }

  @Override
  public FlashKMeansModel copy(ParamMap extra) {
    FlashKMeansModel copy = new FlashKMeansModel(uid, centroids);
    return copyValues(copy.setParent(parent()), extra);
  }

  @Override
  public MLWriter write() {
    return new ModelFiles.Writer(this);
  }

  /** A reader of saved models. */
  public static MLReader<FlashKMeansModel> read() {
    return new ModelFiles.Reader();
  }

  /** The model saved at {@code path}. */
  public static FlashKMeansModel load(String path) throws IOException {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "FlashKMeansModel: uid=%s, k=%d, numFeatures=%d"
        .formatted(uid, centroids.k(), centroids.dimension());
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

  public String getFeaturesCol() {
    return $(params.featuresCol);
  }

  public String getPredictionCol() {
    return $(params.predictionCol);
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
