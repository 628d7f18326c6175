package io.flashlloyd.spark.run;

import io.flashlloyd.spark.FlashKMeansModel;
import java.io.IOException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Finds the model that a user names. */
public final class ModelFolder {
  private ModelFolder() {}

  /**
   * Loads the model of a run folder, or of its {@code model/}.
   *
   * @throws IllegalArgumentException where there is neither, or it cannot be read
   */
  public static FlashKMeansModel load(String uri, SparkSession spark) throws IOException {
    String model = find(uri, spark).toString();
    try {
      return FlashKMeansModel.read().session(spark).load(model);
    } catch (Exception e) { // Spark's are checked, and not declared
      throw new IllegalArgumentException(
          "Model %s cannot be read as FlashKMeansModel (%s); run `flashlloyd fit` again"
              .formatted(uri, firstLine(ExceptionUtils.getRootCause(e))),
          e);
    }
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private static Path find(String uri, SparkSession spark) throws IOException {
    Path folder = new Path(uri);
    FileSystem files = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
    if (files.exists(new Path(folder, "metadata"))) {
      return folder;
    }
    Path model = new Path(folder, "model");
    if (!files.exists(model)) {
      throw new IllegalArgumentException(
          "Model %s does not exist (expected a folder that `flashlloyd fit` wrote, or its model/)"
              .formatted(uri));
    }
    if (!files.exists(new Path(folder, ReportFile.NAME))) {
      throw new IllegalArgumentException(
          "Run %s has no %s: it is not complete (run `flashlloyd fit` again)"
              .formatted(uri, ReportFile.NAME));
    }
    return model;
  }
}
