package io.flashlloyd.spark.cli;

import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.export.ExportFormat;
import io.flashlloyd.spark.export.ExportRun;
import io.flashlloyd.spark.export.ExportTarget;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code flashlloyd export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Write a run's clusters in the layout of a vector store.",
    description = {
      "",
      "Rows are written list by list: all rows of cluster 0 in the order of the input, then those"
          + " of cluster 1, and so on. Neither lists nor files need fit in memory. --to is one of:",
      "",
      "  faiss-ivfflat  index.faiss: an IndexIVFFlat for faiss.read_index",
      "  faiss-flat     centroids.faiss: an IndexFlat, the coarse quantizer alone",
      "  vectorchord    centroids.csv and load.sql: the table for [build.external]",
      "  pgvector       part-*.copy (COPY BINARY: id, cluster, vector) and load.sql",
      "  lance          centroids.npy, centroids.arrow (ivf_centroids) and, in a build",
      "                 with -Plance, partitions.lance (precomputed_partition_dataset)",
      "  diskann        diskann_centroids.bin, diskann_subshard-i.bin and their",
      "                 _ids_uint32.bin",
      "  npy fvecs fbin vectors in the order of lists, centroids, ids.npy and",
      "                 offsets.npy: list c is rows offsets[c] to offsets[c+1]",
      "  parquet        lists/*.parquet (cluster, id, vector), sorted, and",
      "                 centroids.parquet",
      "",
      "Vectors are float32; of a cosine model they are of length 1, as they were clustered, and"
          + " FAISS's metric is the inner product. A row's id is that of the run's --id-column, or"
          + " its number. Where a store takes integers only (diskann: row numbers only) and ids are"
          + " something else, rows have their numbers, and their names are in ids/*.parquet.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  flashlloyd export --model run --to faiss-ivfflat --output index",
      "  flashlloyd export --model run --to vectorchord --parents 64 --output tables",
      "  flashlloyd export --model run --to pgvector --input new.parquet \\",
      "                    --id-column doc --output s3a://b/new"
    })
final class ExportCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandSpec command;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "URI",
      description = "A folder that fit or assign wrote.")
  private String model;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "One of the formats above.")
  private String to;

  @Mixin private InputOptions input;

  @Option(
      names = "--parents",
      defaultValue = "0",
      paramLabel = "P",
      description =
          "vectorchord: clusters of a level above the centroids, found by clustering those; about"
              + " the square root of K is usual. Default: 0, no such level.")
  private int parents;

  @Mixin private RunOptions run;

  @Override
  public Integer call() throws IOException {
    run.validate();
    ExportFormat target = validate();
    SparkStart.with("export", spark -> export(spark, target));
    return 0;
  }

  private ExportFormat validate() {
    ExportFormat target = parse("--to", () -> ExportFormat.parse(to));
    if (input.given()) {
      input.validate();
    } else {
      input.validateOptional();
    }
    UsageMessage.require(parents >= 0, command, "--parents", parents, "at least 0");
    UsageMessage.require(
        parents == 0 || target == ExportFormat.VECTORCHORD,
        command,
        "--parents",
        parents,
        "with --to vectorchord only");
    UsageMessage.require(
        !input.given() || !target.centroidsOnly(),
        command,
        "--input",
        input.named(),
        "nothing, as --to %s writes centroids only".formatted(to));
    return target;
  }

  private <T> T parse(String option, java.util.function.Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "%s: %s".formatted(option, e.getMessage()), e);
    }
  }

  private void export(SparkSession spark, ExportFormat target) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    run.reach(hadoop, input, model);
    RunFolder.check(run.output(), run.overwrite(), hadoop);
    StoredRun stored = StoredRun.open(model, hadoop);
    Progress progress = run.progress();
    if (input.given()) {
      input
          .rows(spark)
          .inOrder()
          .read(
              run.output(),
              progress,
              (dataset, table) -> export(spark, stored, target, dataset, table, progress));
    } else if (stored.table().isPresent() && !target.centroidsOnly()) {
      stored.read(
          spark,
          run.output(),
          progress,
          (dataset, table) -> export(spark, stored, target, dataset, table, progress));
    } else {
      export(spark, stored, target, null, Optional.empty(), progress);
    }
  }

  private Void export(
      SparkSession spark,
      StoredRun stored,
      ExportFormat target,
      VectorDataset dataset,
      Optional<TableSpec> table,
      Progress progress)
      throws IOException {
    new ExportRun(
            spark,
            stored,
            dataset,
            new ExportTarget(target, parents, run.engine(), run.partitions()),
            progress)
        .write(run.output(), run.overwrite(), parameters(table), Version.all());
    return null;
  }

  private Map<String, Object> parameters(Optional<TableSpec> table) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("model", model);
    parameters.put("to", to);
    parameters.put("parents", parents);
    input.describe(parameters, table);
    run.describe(parameters);
    return parameters;
  }
}
