package io.flashlloyd.spark.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.output.ClusterRows;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.data.ByName;
import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.report.RunReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A finished run, read back from its folder on any file system that Hadoop knows: what later
 * commands start from. Opening it reads {@code report.json} only, and starts no Spark.
 */
public final class StoredRun {
  private final String uri;
  private final CommittedFolder folder;
  private final RunReport report;

  private StoredRun(String uri, CommittedFolder folder, RunReport report) {
    this.uri = uri;
    this.folder = folder;
    this.report = report;
  }

  /**
   * Opens the folder that a command wrote.
   *
   * @throws IllegalArgumentException where it is no run, not a whole one, or its report is damaged
   */
  public static StoredRun open(String uri, Configuration hadoop) throws IOException {
    return reading(uri, hadoop, run -> run);
  }

  /** Reads something of a run; may be asked again, of another one. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(StoredRun run) throws IOException;
  }

  /**
   * Opens the folder that a command wrote and reads it, from the start where another run has been
   * committed to it meanwhile: what comes back is of one run.
   *
   * @throws IllegalArgumentException where it is no run, not a whole one, or its report is damaged
   */
  public static <T> T reading(String uri, Configuration hadoop, Reader<T> reader)
      throws IOException {
    Path path = new Path(RunFolder.qualified(uri, hadoop));
    FileSystem files = path.getFileSystem(hadoop);
    if (!files.exists(path)) {
      throw new IllegalArgumentException(
          "Run %s does not exist (expected a folder that flashlloyd wrote)".formatted(uri));
    }
    return CommittedFolder.reading(
        path, hadoop, folder -> reader.read(open(uri, path, files, folder)));
  }

  private static StoredRun open(String uri, Path path, FileSystem files, CommittedFolder folder)
      throws IOException {
    if (!folder.has(RunFolder.REPORT)) {
      throw new IllegalArgumentException(
          "Run %s has no %s: it is no run, or not a complete one (expected a folder that flashlloyd"
                  .formatted(uri, RunFolder.REPORT)
              + " wrote to its end)");
    }
    Path report = folder.file(RunFolder.REPORT);
    try (InputStream in = files.open(report)) {
      return new StoredRun(path.toString(), folder, whole(RunReport.read(in), report));
    } catch (JsonProcessingException e) {
      throw damaged(report, e.getOriginalMessage(), e);
    }
  }

  private static RunReport whole(RunReport report, Path file) {
    if (report == null // as where the file says null
        || report.command() == null
        || report.inputs() == null
        || report.inputs().isEmpty()
        || report.inputs().contains(null)
        || report.parameters() == null
        || report.iterations() == null
        || report.iterations().contains(null)
        || report.clusterSizes() == null
        || report.rows() < 1
        || report.dimension() < 1
        || report.kReturned() < 1) {
      throw damaged(file, "it lacks the command, its inputs or parameters, or what came out", null);
    }
    return report;
  }

  private static IllegalArgumentException damaged(Path report, String reason, Exception cause) {
    return new IllegalArgumentException(
        "%s is no report (%s); run the command that wrote it again".formatted(report, reason),
        cause);
  }

  /** The folder, qualified. */
  public String uri() {
    return uri;
  }

  public RunReport report() {
    return report;
  }

  /** Whether the run has a model of its own; {@code assign} uses that of another. */
  public boolean hasModel() throws IOException {
    return folder.has(ModelFolder.NAME);
  }

  /** The model that this run's rows are assigned to: its own, or the one it was given. */
  public FlashKMeansModel model(SparkSession spark) throws IOException {
    return hasModel()
        ? folder.read(same -> ModelFolder.load(uri, spark))
        : ModelFolder.load(report.model(), spark);
  }

  /**
   * Columns {@code id}, {@code cluster} and {@code distance}; a row for each row of the run, in no
   * order, in files that need not be cut as the inputs are.
   */
  public Dataset<Row> assignments(SparkSession spark) throws IOException {
    return table(RowAssignment.FOLDER, spark);
  }

  /**
   * Columns {@code cluster}, {@code size}, {@code cost}, {@code distance_p50}, {@code distance_p99}
   * and {@code distance_max}; a row for each cluster, in no order.
   *
   * @throws IllegalArgumentException where there is none, as in runs of {@code assign}
   */
  public Dataset<Row> clusters(SparkSession spark) throws IOException {
    return table(ClusterTable.NAME, spark);
  }

  /** What that table holds, for the driver. */
  public ClusterStatistics statistics(Configuration hadoop) throws IOException {
    requireTable(ClusterTable.NAME);
    return folder.read(
        same -> {
          ClusterStatistics statistics = ClusterStatistics.empty(report.kReturned());
          for (Path file : same.files(ClusterTable.NAME)) {
            ClusterRows.read(file.toString(), hadoop, statistics::take);
          }
          return statistics;
        });
  }

  private Dataset<Row> table(String name, SparkSession spark) throws IOException {
    requireTable(name);
    return folder.read(
        same ->
            ByName.read(spark)
                .parquet(same.files(name).stream().map(Path::toString).toArray(String[]::new)));
  }

  private void requireTable(String name) throws IOException {
    if (!folder.has(name)) {
      throw new IllegalArgumentException(
          "Run %s of `flashlloyd %s` has no %s (expected a run that has)"
              .formatted(uri, report.command(), name));
    }
  }

  /** The files of {@code assignments/}, where they are now. */
  public List<String> assignmentFiles() throws IOException {
    return folder.files(RowAssignment.FOLDER).stream().map(Path::toString).toList();
  }

  /** Where the run's rows were read, and how. */
  public InputSpec input() {
    return new InputSpec(
        report.inputs(),
        format(),
        parameter("column", null),
        parameter("idColumn", null),
        Boolean.parseBoolean(parameter("bfloat16", "false")),
        InputSpec.DEFAULT_CHUNK_BYTES,
        parameter("weightColumn", null));
  }

  private VectorFormat format() {
    try {
      return VectorFormat.parse(parameter("format", "auto"));
    } catch (IllegalArgumentException e) {
      throw damaged(new Path(uri, RunFolder.REPORT), e.getMessage(), e);
    }
  }

  private String parameter(String name, String otherwise) {
    Object value = report.parameters().get(name);
    return value == null ? otherwise : value.toString();
  }

  /**
   * The run's own inputs, opened again.
   *
   * @throws VectorInputException where they are gone, or are not as the run found them
   */
  public VectorDataset dataset(Configuration hadoop) throws IOException {
    return requireSame(VectorDataset.open(input(), hadoop));
  }

  /** The table that the run read, as it was then where its format keeps versions. */
  public Optional<TableSpec> table() {
    return TableSpec.of(report.parameters());
  }

  /** Opens that table again, its rows in the order of their ids. */
  public <T> T read(SparkSession spark, String output, Progress progress, RunInput.Work<T> work)
      throws IOException {
    return RunInput.table(spark, table().orElseThrow(), input())
        .inOrder()
        .read(output, progress, (dataset, table) -> work.run(requireSame(dataset), table));
  }

  private VectorDataset requireSame(VectorDataset dataset) throws VectorInputException {
    if (dataset.rows() != report.rows() || dataset.dimension() != report.dimension()) {
      throw new VectorInputException(
          "The inputs of run %s hold %d x %d values (expected %d x %d, as when it read them); put"
                  .formatted(
                      uri, dataset.rows(), dataset.dimension(), report.rows(), report.dimension())
              + " them back, or name others with --input");
    }
    return dataset;
  }
}
