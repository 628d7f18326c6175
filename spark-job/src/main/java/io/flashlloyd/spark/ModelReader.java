package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.spark.data.ByName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/** Reads what {@link ModelWriter} or MLlib's {@code KMeansModel} wrote. */
final class ModelReader extends MLReader<FlashKMeansModel> {
  private static final List<String> CLASSES =
      List.of(FlashKMeansModel.class.getName(), KMeansModel.class.getName());

  @Override
  public FlashKMeansModel load(String path) {
    try {
      Configuration hadoop = sparkSession().sessionState().newHadoopConf();
      return CommittedFolder.reading(new Path(path), hadoop, folder -> load(path, folder));
    } catch (IOException e) {
      throw new UncheckedIOException("Model %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private FlashKMeansModel load(String path, CommittedFolder folder) throws IOException {
    String json = read(folder, "metadata", ByName.read(sparkSession())::text).first().getString(0);
    DefaultParamsReader.Metadata metadata = DefaultParamsReader$.MODULE$.parseMetadata(json, "");
    if (!CLASSES.contains(metadata.className())) {
      throw new IllegalArgumentException(
          "%s holds a %s (expected one of %s)"
              .formatted(path, metadata.className(), String.join(", ", CLASSES)));
    }
    Dataset<Row> data = read(folder, ModelWriter.DATA, ByName.read(sparkSession())::parquet);
    FlashKMeansModel model = new FlashKMeansModel(metadata.uid(), centroids(data, path));
    metadata.getAndSetParams(model, Option.empty());
    return model;
  }

  private static Dataset<Row> read(
      CommittedFolder folder, String name, Function<String[], Dataset<Row>> reader)
      throws IOException {
    return reader.apply(folder.files(name).stream().map(Path::toString).toArray(String[]::new));
  }

  /**
   * MLlib's are float64: they are narrowed to float32. Files come one after the other, so that a
   * large model is not collected as one result; rows come in any order.
   */
  private static Centroids centroids(Dataset<Row> data, String path) {
    int k = Math.toIntExact(data.count());
    float[] values = {};
    BitSet found = new BitSet(k);
    for (Iterator<Row> rows = data.toLocalIterator(); rows.hasNext(); ) {
      Row row = rows.next();
      int cluster = row.<Integer>getAs("clusterIdx");
      Vector center = row.getAs("clusterCenter");
      if (found.isEmpty()) {
        values = new float[Math.multiplyExact(k, center.size())];
      }
      if (cluster < 0 || cluster >= k || found.get(cluster)) {
        throw new IllegalArgumentException(
            "Model %s has a centroid %d too many (expected those from 0 to %d, each once)"
                .formatted(path, cluster, k - 1));
      }
      if (center.size() != values.length / k) {
        throw new IllegalArgumentException(
            "Centroid %d of model %s has dimension %d (expected %d, as the first read)"
                .formatted(cluster, path, center.size(), values.length / k));
      }
      found.set(cluster);
      for (int t = 0; t < center.size(); t++) {
        values[cluster * center.size() + t] = (float) center.apply(t);
      }
    }
    if (k == 0) {
      throw new IllegalArgumentException(
          "Model " + path + " has no centroids (expected at least one row in data/)");
    }
    return new Centroids(values, k, values.length / k);
  }
}
