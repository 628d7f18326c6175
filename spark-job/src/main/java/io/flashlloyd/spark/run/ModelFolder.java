package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.StorageProblem;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.IOException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.SparkSession;

/** The model of a run: finds the one that a user names, writes that of a new run. */
public final class ModelFolder {
  static final String NAME = "model";

  private ModelFolder() {}

  /**
   * Loads the model of a run folder, or of its {@code model/}.
   *
   * @throws IllegalArgumentException where there is neither, or it cannot be read
   */
  public static FlashKMeansModel load(String uri, SparkSession spark) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return CommittedFolder.reading(
        StoragePath.of(uri), hadoop, folder -> load(uri, find(uri, folder), hadoop));
  }

  private static FlashKMeansModel load(String uri, String model, Configuration hadoop) {
    try {
      return FlashKMeansModel.load(model, hadoop);
    } catch (Exception e) { // json4s throws checked ones, and does not declare them
      String problem =
          ExceptionUtils.getThrowableList(e).stream().anyMatch(StorageProblem::isDenied)
              ? "Model %s may not be read (%s); give this user read access"
              : "Model %s cannot be read as FlashKMeansModel (%s); run `flashlloyd fit` again";
      throw new IllegalArgumentException(
          problem.formatted(uri, firstLine(ExceptionUtils.getRootCause(e))), e);
    }
  }

  /**
   * The run folder whose report knows the rows that a model was made from.
   *
   * @param report its report.json, or null: the folder of the model itself
   * @throws IllegalArgumentException where the model is not in a run, and no report is named
   */
  public static String run(String model, String report, Configuration hadoop) throws IOException {
    if (report != null) {
      Path path = StoragePath.of(report);
      return path.getName().equals(RunFolder.REPORT) ? path.getParent().toString() : report;
    }
    Path folder = new Path(RunFolder.qualified(model, hadoop));
    if (has(folder, "metadata", hadoop)) {
      folder = folder.getParent();
      if (!has(folder, RunFolder.REPORT, hadoop)) {
        throw new IllegalArgumentException(
            "Model %s is not in a run's folder (name that run's %s with --reference-report)"
                .formatted(model, RunFolder.REPORT));
      }
    }
    return folder.toString();
  }

  private static boolean has(Path folder, String name, Configuration hadoop) throws IOException {
    return CommittedFolder.reading(folder, hadoop, committed -> committed.has(name));
  }

  /** Writes {@code model/} and {@code centroids.npy}. */
  public static void write(
      Centroids centroids, DistanceMeasure measure, RunFolder folder, SparkSession spark)
      throws IOException {
    CentroidFiles.write(
        VectorFormat.NPY,
        folder.path("centroids.npy").toString(),
        centroids.values(),
        centroids.k(),
        centroids.dimension(),
        spark.sparkContext().hadoopConfiguration());
    FlashKMeansModel model =
        new FlashKMeansModel(Identifiable$.MODULE$.randomUID("kmeans"), centroids);
    model.set(model.distanceMeasure(), measure.label());
    if (centroids.k() > 1) { // which is all that the param takes
      model.set(model.k(), centroids.k());
    }
    model.save(folder.path(NAME).toString(), spark);
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private static String find(String uri, CommittedFolder folder) throws IOException {
    if (folder.has("metadata")) {
      return uri;
    }
    if (!folder.has(NAME)) {
      throw new IllegalArgumentException(
          "Model %s does not exist (expected a folder that `flashlloyd fit` wrote, or its model/)"
              .formatted(uri));
    }
    if (!folder.has(RunFolder.REPORT)) {
      throw new IllegalArgumentException(
          "Run %s has no %s: it is not complete (run `flashlloyd fit` again)"
              .formatted(uri, RunFolder.REPORT));
    }
    return new Path(uri, NAME).toString();
  }
}
