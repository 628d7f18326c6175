package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** A saved model: metadata as every Spark ML model has it, and centroids in MLlib's own columns. */
final class ModelFiles {
  private static final StructType SCHEMA =
      new StructType()
          .add("clusterIdx", DataTypes.IntegerType, false)
          .add("clusterCenter", SQLDataTypes.VectorType());

  private ModelFiles() {}

  /** Writes {@code metadata/} and {@code data/}. */
  static final class Writer extends MLWriter {
    private final FlashKMeansModel model;

    Writer(FlashKMeansModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter$.MODULE$.saveMetadata(
          model, path, sparkSession(), Option.empty(), Option.empty());
      Vector[] centers = model.clusterCenters();
      List<Row> rows = new ArrayList<>();
      for (int cluster = 0; cluster < centers.length; cluster++) {
        rows.add(RowFactory.create(cluster, centers[cluster]));
      }
      sparkSession()
          .createDataFrame(rows, SCHEMA)
          .coalesce(1)
          .write()
          .parquet(new Path(path, "data").toString());
    }
  }

  /** Reads what {@link Writer} wrote. */
  static final class Reader extends MLReader<FlashKMeansModel> {
    @Override
    public FlashKMeansModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(
              path, sparkSession(), FlashKMeansModel.class.getName());
      List<Row> rows =
          sparkSession()
              .read()
              .parquet(new Path(path, "data").toString())
              .orderBy("clusterIdx")
              .collectAsList();
      FlashKMeansModel model = new FlashKMeansModel(metadata.uid(), centroids(rows, path));
      metadata.getAndSetParams(model, Option.empty());
      return model;
    }

    private static Centroids centroids(List<Row> rows, String path) {
      if (rows.isEmpty()) {
        throw new IllegalArgumentException(
            "Model " + path + " has no centroids (expected at least one row in data/)");
      }
      int dimension = rows.get(0).<Vector>getAs("clusterCenter").size();
      float[] values = new float[Math.multiplyExact(rows.size(), dimension)];
      for (int cluster = 0; cluster < rows.size(); cluster++) {
        Vector center = rows.get(cluster).getAs("clusterCenter");
        for (int t = 0; t < dimension; t++) {
          values[cluster * dimension + t] = (float) center.apply(t);
        }
      }
      return new Centroids(values, rows.size(), dimension);
    }
  }
}
