package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.nightly.DriftThresholds;
import io.flashlloyd.spark.nightly.NewestRun;
import io.flashlloyd.spark.nightly.Refit;
import io.flashlloyd.spark.nightly.ReindexRun;
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

/** {@code flashlloyd reindex}. */
@Command(
    name = "reindex",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "The nightly job: re-cluster where the data has moved, keep cluster numbers.",
    description = {
      "",
      "Compares --input with the previous run, as drift does, and then",
      "  stable            keeps the centroids and assigns the input (skip),",
      "                    or with --append adds its new rows to the previous run's;",
      "  drifted           goes on from the previous centroids (warm start);",
      "  far off, other k  fits from scratch and gives each cluster the number of the",
      "                    old one that it is matched with (re-init).",
      "",
      "Writes into --output what fit writes, drift.json, and, where --id-column names rows,"
          + " moves.parquet (id, old_cluster, new_cluster): the rows that moved, are new"
          + " (old_cluster null) or gone (new_cluster null). The next night's --previous is this"
          + " --output.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  flashlloyd reindex --previous runs/mon --input 's3a://b/docs/*.parquet' \\",
      "                     --id-column doc --output runs/tue"
    })
final class ReindexCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandSpec command;

  @Option(
      names = "--previous",
      required = true,
      paramLabel = "URI",
      description =
          "A folder that fit or reindex wrote; of several, as in 'runs/*', the one that ended"
              + " last.")
  private String previous;

  @Mixin private InputOptions input;

  @Option(
      names = "--weight-column",
      paramLabel = "COL",
      description =
          "As in fit, of fits and their cost; default: as before. What is compared is rows.")
  private String weightColumn;

  @Mixin private ThresholdOptions limits;

  @Option(
      names = "--reinit-factor",
      defaultValue = "10",
      paramLabel = "X",
      description =
          "Fit from scratch where a measure is this many thresholds above what is expected."
              + " Default: 10.")
  private double reinitFactor;

  @Option(names = "--force", description = "Fit even where the data is stable.")
  private boolean force;

  @Option(
      names = "--append",
      description =
          "Where the data is stable, keep the previous run's assignments and assign new ids only."
              + " --input is all rows, or the new ones only. Needs --id-column.")
  private boolean append;

  @Option(
      names = "--k",
      paramLabel = "K",
      description = "Number of clusters; default: as before. Another number is a re-init.")
  private Integer k;

  @Option(names = "--max-iter", paramLabel = "N", description = "As in fit; default: as before.")
  private Integer maxIter;

  @Option(names = "--tol", paramLabel = "X", description = "As in fit; default: as before.")
  private Double tol;

  @Option(names = "--seed", paramLabel = "N", description = "As in fit; default: as before.")
  private Long seed;

  @Option(
      names = "--init",
      paramLabel = "HOW",
      description =
          "Of a re-init: kmeans-parallel or random; default: as before, else kmeans-parallel.")
  private String init;

  @Mixin private RunOptions run;
  @Mixin private TableOutput tableOutput;

  @Override
  public Integer call() throws IOException {
    input.validate();
    run.validate();
    validate();
    DriftThresholds thresholds = limits.thresholds();
    SparkStart.with("reindex", spark -> reindex(spark, thresholds));
    return 0;
  }

  private void validate() {
    UsageMessage.require(k == null || k >= 1, command, "--k", k, "at least 1");
    UsageMessage.require(
        maxIter == null || maxIter >= 0, command, "--max-iter", maxIter, "at least 0");
    UsageMessage.require(tol == null || tol >= 0, command, "--tol", tol, "at least 0");
    UsageMessage.require(reinitFactor >= 1, command, "--reinit-factor", reinitFactor, "at least 1");
    UsageMessage.require(
        init == null || mode() != null, command, "--init", init, "kmeans-parallel or random");
    UsageMessage.require(
        !(append && force), command, "--append", "given with --force", "one of them");
  }

  private String mode() {
    return switch (String.valueOf(init)) {
      case "kmeans-parallel", KMeansConfig.PARALLEL -> KMeansConfig.PARALLEL;
      case KMeansConfig.RANDOM -> KMeansConfig.RANDOM;
      default -> null;
    };
  }

  private void reindex(SparkSession spark, DriftThresholds thresholds) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    run.reach(hadoop, input, previous);
    RunFolder.check(run.output(), run.overwrite(), hadoop);
    String newest = NewestRun.of(previous, run.output(), hadoop);
    if (!newest.equals(previous)) {
      run.progress().message("previous run: " + newest.replaceFirst("^file:(?=/)", ""));
    }
    String weights =
        weightColumn != null ? weightColumn : StoredRun.open(newest, hadoop).input().weightColumn();
    Progress progress = run.progress();
    input
        .rows(spark, weights)
        .read(
            run.output(),
            progress,
            (dataset, table) ->
                StoredRun.reading(
                        newest,
                        hadoop,
                        read ->
                            new ReindexRun(
                                spark,
                                read,
                                dataset,
                                new ReindexRun.Policy(thresholds, force, append, reinitFactor),
                                new Refit(k, maxIter, tol, seed, mode()),
                                run.engine(),
                                run.partitions(),
                                progress))
                    .write(
                        run.output(),
                        run.overwrite(),
                        parameters(thresholds, table, weights),
                        Version.all()));
    tableOutput.merge(spark, run);
  }

  private Map<String, Object> parameters(
      DriftThresholds thresholds, Optional<TableSpec> table, String weights) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("previous", previous);
    parameters.put("thresholds", thresholds.values());
    parameters.put("reinitFactor", reinitFactor);
    parameters.put("force", force);
    parameters.put("append", append);
    input.describe(parameters, table);
    parameters.put("weightColumn", weights);
    run.describe(parameters);
    tableOutput.describe(parameters);
    return parameters;
  }
}
