package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import scala.Option;

/** Reads what {@link ModelWriter} or MLlib's {@code KMeansModel} wrote, without Spark's SQL. */
final class ModelReader extends MLReader<FlashKMeansModel> {
  private static final List<String> CLASSES =
      List.of(FlashKMeansModel.class.getName(), KMeansModel.class.getName());

  @Override
  public FlashKMeansModel load(String path) {
    return load(path, sparkSession().sessionState().newHadoopConf());
  }

  static FlashKMeansModel load(String path, Configuration hadoop) {
    try {
      return CommittedFolder.reading(
          StoragePath.of(path), hadoop, folder -> load(path, folder, hadoop));
    } catch (IOException e) {
      throw new UncheckedIOException("Model %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static FlashKMeansModel load(String path, CommittedFolder folder, Configuration hadoop)
      throws IOException {
    DefaultParamsReader.Metadata metadata = SavedMetadata.read(folder, "", hadoop);
    if (!CLASSES.contains(metadata.className())) {
      throw new IllegalArgumentException(
          "%s holds a %s (expected one of %s)"
              .formatted(path, metadata.className(), String.join(", ", CLASSES)));
    }
    List<String> data = folder.files(ModelWriter.DATA).stream().map(Path::toString).toList();
    if (data.isEmpty()) {
      throw new IllegalArgumentException(
          "Model " + path + " has no centroids (expected at least one file in data/)");
    }
    CentroidMatrix centroids = CentroidFiles.read(path, data, hadoop); // MLlib's are float64
    FlashKMeansModel model =
        new FlashKMeansModel(
            metadata.uid(),
            new Centroids(centroids.values(), centroids.k(), centroids.dimension()));
    metadata.getAndSetParams(model, Option.empty());
    return model;
  }
}
