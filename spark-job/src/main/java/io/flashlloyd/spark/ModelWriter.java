package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLFormatRegister;
import org.apache.spark.ml.util.MLWriterFormat;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The format "internal" of a saved model: metadata as every Spark ML model has it, and centroids in
 * MLlib's own columns. Public because Spark finds it as a service.
 */
public final class ModelWriter implements MLWriterFormat, MLFormatRegister {
  static final String DATA = "data";

  private static final StructType SCHEMA =
      new StructType()
          .add("clusterIdx", DataTypes.IntegerType, false)
          .add("clusterCenter", SQLDataTypes.VectorType());

  @Override
  public String format() {
    return "internal";
  }

  @Override
  public String stageName() {
    return FlashKMeansModel.class.getName();
  }

  /** Writes {@code metadata/} and {@code data/}. */
  @Override
  public void write(
      String path,
      SparkSession spark,
      scala.collection.mutable.Map<String, String> options,
      PipelineStage stage) {
    FlashKMeansModel model = (FlashKMeansModel) stage;
    DefaultParamsWriter$.MODULE$.saveMetadata(model, path, spark);
    Centroids centroids = model.centroids();
    DriverTable.write(
        spark,
        new Path(path, DATA).toString(),
        SCHEMA,
        centroids,
        centroids.k(),
        (long) Double.BYTES * centroids.k() * centroids.dimension(),
        (all, cluster) -> RowFactory.create(cluster, FlashKMeansModel.center(all, cluster)));
  }
}
