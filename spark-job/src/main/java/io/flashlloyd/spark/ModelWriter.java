package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.io.output.MlVectorTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.util.MLFormatRegister;
import org.apache.spark.ml.util.MLWriterFormat;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The format "internal" of a saved model: metadata as every Spark ML model has it, and centroids in
 * MLlib's own columns, without Spark's SQL. Public because Spark finds it as a service.
 */
public final class ModelWriter implements MLWriterFormat, MLFormatRegister {
  static final String DATA = "data";

  private static final String CLUSTER = "clusterIdx";
  private static final String CENTER = "clusterCenter";

  private static final StructType SCHEMA =
      new StructType()
          .add(CLUSTER, DataTypes.IntegerType, false)
          .add(CENTER, SQLDataTypes.VectorType());

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
    try {
      write((FlashKMeansModel) stage, path, spark, spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException("Model %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  static void write(FlashKMeansModel model, String path, SparkSession spark, Configuration hadoop)
      throws IOException {
    Centroids centroids = model.centroids();
    MlVectorTable.write(
        new Path(path, DATA).toString(),
        new CentroidMatrix(centroids.values(), centroids.k(), centroids.dimension()),
        CLUSTER,
        CENTER,
        Map.of(
            "org.apache.spark.version",
            spark.version(),
            "org.apache.spark.sql.parquet.row.metadata",
            SCHEMA.json()),
        hadoop);
    SavedMetadata.write(model, path, spark, hadoop);
  }
}
