package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import scala.Option;

/** Reads what {@link ModelWriter} or MLlib's {@code KMeansModel} wrote. */
final class ModelReader extends MLReader<FlashKMeansModel> {
  private static final List<String> CLASSES =
      List.of(FlashKMeansModel.class.getName(), KMeansModel.class.getName());

  @Override
  public FlashKMeansModel load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader$.MODULE$.loadMetadata(path, sparkSession(), "");
    if (!CLASSES.contains(metadata.className())) {
      throw new IllegalArgumentException(
          "%s holds a %s (expected one of %s)"
              .formatted(path, metadata.className(), String.join(", ", CLASSES)));
    }
    List<Row> rows =
        sparkSession()
            .read()
            .parquet(new Path(path, ModelWriter.DATA).toString())
            .orderBy("clusterIdx")
            .collectAsList();
    FlashKMeansModel model = new FlashKMeansModel(metadata.uid(), centroids(rows, path));
    metadata.getAndSetParams(model, Option.empty());
    return model;
  }

  /** MLlib's are float64: they are narrowed to float32. */
  private static Centroids centroids(List<Row> rows, String path) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "Model " + path + " has no centroids (expected at least one row in data/)");
    }
    return CentroidsParam.of(
        rows.stream().map(row -> row.<Vector>getAs("clusterCenter")).toArray(Vector[]::new));
  }
}
