package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.nightly.Drift;
import io.flashlloyd.spark.nightly.DriftReport;
import io.flashlloyd.spark.nightly.DriftRun;
import io.flashlloyd.spark.nightly.DriftThresholds;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.ModelFolder;
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

/** {@code flashlloyd drift}. */
@Command(
    name = "drift",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Say whether new vectors are still like those that a run clustered.",
    description = {
      "",
      "Assigns the input to the run's centroids, trains nothing, and compares costs, cluster sizes"
          + " and distances with those that the run found. Writes drift.json into --output and"
          + " prints its measures.",
      "",
      "Exit status: 0 stable, 3 drifted, 1 failed, 2 wrong usage. Where the driver runs in the"
          + " cluster (--deploy-mode cluster) it is 0 for both; read drift.json there.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  flashlloyd drift --model run --input new.parquet --output drift \\",
      "                   --threshold psi=0.2 || echo re-cluster"
    })
final class DriftCommand implements Callable<Integer> {
  /** The exit status that says "drifted". */
  static final int DRIFTED = 3;

  @CommandLine.Spec private CommandSpec command;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "URI",
      description = "A folder that fit or reindex wrote, or the model/ in one.")
  private String model;

  @Option(
      names = "--reference-report",
      paramLabel = "URI",
      description =
          "The report.json of the run that the input is compared with, its clusters.parquet beside"
              + " it; default: that of --model.")
  private String reference;

  @Mixin private InputOptions input;
  @Mixin private ThresholdOptions limits;
  @Mixin private RunOptions run;
  private Drift drift;

  @Override
  public Integer call() throws IOException {
    input.validateUnnamed();
    run.validate();
    DriftThresholds thresholds = limits.thresholds();
    SparkStart.with("drift", spark -> compare(spark, thresholds));
    if (!run.quiet()) {
      DriftTable.print(drift, command.commandLine().getOut());
    }
    run.progress()
        .message(
            "%s: %s %s"
                .formatted(run.output(), DriftReport.decision(drift), drift.reason())
                .strip());
    return drift.drifted() ? DRIFTED : 0;
  }

  private void compare(SparkSession spark, DriftThresholds thresholds) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    run.reach(hadoop, input, model, reference);
    RunFolder.check(run.output(), run.overwrite(), hadoop);
    String old = ModelFolder.run(model, reference, hadoop);
    Progress progress = run.progress();
    drift =
        input
            .rows(spark)
            .read(
                run.output(),
                progress,
                (dataset, table) ->
                    StoredRun.reading(
                            old,
                            hadoop,
                            read ->
                                new DriftRun(
                                    spark,
                                    model,
                                    read,
                                    dataset,
                                    run.engine(),
                                    run.partitions(),
                                    progress))
                        .write(
                            run.output(),
                            run.overwrite(),
                            thresholds,
                            parameters(thresholds, table),
                            Version.all()));
  }

  private Map<String, Object> parameters(DriftThresholds thresholds, Optional<TableSpec> table) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("model", model);
    parameters.put("referenceReport", reference);
    parameters.put("thresholds", thresholds.values());
    input.describe(parameters, table);
    run.describe(parameters);
    return parameters;
  }
}
