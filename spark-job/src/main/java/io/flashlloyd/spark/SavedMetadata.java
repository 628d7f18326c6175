package io.flashlloyd.spark;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * The {@code metadata/} of what Spark ML has saved: a line of JSON. Spark's own reader starts a job
 * for it, and takes the path for a glob.
 */
final class SavedMetadata {
  private static final String FOLDER = "metadata";

  private SavedMetadata() {}

  /**
   * Reads it.
   *
   * @param type the class that was saved, or "" for any
   * @throws IllegalArgumentException where it is another, or the JSON is damaged
   */
  static DefaultParamsReader.Metadata read(String path, String type, SparkSession spark) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    try {
      return CommittedFolder.reading(
          StoragePath.of(path), hadoop, folder -> read(folder, type, hadoop));
    } catch (IOException e) {
      throw new UncheckedIOException("Model %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  static DefaultParamsReader.Metadata read(
      CommittedFolder folder, String type, Configuration hadoop) throws IOException {
    for (Path file : folder.files(FOLDER)) {
      try (InputStream in = file.getFileSystem(hadoop).open(file)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (!text.isBlank()) {
          String line = text.lines().findFirst().orElseThrow();
          return DefaultParamsReader$.MODULE$.parseMetadata(line, type);
        }
      }
    }
    throw new FileNotFoundException(
        folder.file(FOLDER) + " is empty (expected a file with a line of JSON)");
  }

  /**
   * Writes the line, as Spark's own writer has it, which starts a query for it. Last of a model's
   * files: without it there is none.
   */
  static void write(Params stage, String path, SparkSession spark, Configuration hadoop)
      throws IOException {
    String line =
        DefaultParamsWriter$.MODULE$.getMetadataToSave(
            stage, spark, Option.empty(), Option.empty());
    write(path, "part-00000", line + "\n", hadoop);
    write(path, "_SUCCESS", "", hadoop);
  }

  private static void write(String path, String name, String text, Configuration hadoop)
      throws IOException {
    Path file = new Path(new Path(path, FOLDER), name);
    try (OutputStream out = file.getFileSystem(hadoop).create(file, false)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Reads stages that are their params and nothing else. */
  static final class Reader<T extends Params> extends MLReader<T> {
    private final Class<T> type;

    Reader(Class<T> type) {
      this.type = type;
    }

    @Override
    public T load(String path) {
      DefaultParamsReader.Metadata metadata = read(path, type.getName(), sparkSession());
      try {
        T stage = type.getConstructor(String.class).newInstance(metadata.uid());
        metadata.getAndSetParams(stage, Option.empty());
        return stage;
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type + " has no public constructor of its uid", e);
      }
    }
  }
}
