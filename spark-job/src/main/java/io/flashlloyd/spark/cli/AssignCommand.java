package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.data.TableSpec;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.run.AssignRun;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flashlloyd assign}. */
@Command(
    name = "assign",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Assign vectors to the clusters of a model.",
    description = {
      "",
      "Writes into --output: report.json, report.html (its charts, for a browser) and"
          + " assignments/*.parquet (id, cluster, distance).",
      ""
    },
    footer = {
      "",
      "Example:",
      "  flashlloyd assign --model run --input new.parquet --id-column doc \\",
      "                    --output assigned"
    })
final class AssignCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "URI",
      description = "A folder that fit wrote, or the model/ in it.")
  private String model;

  @Mixin private InputOptions input;
  @Mixin private RunOptions run;
  @Mixin private TableOutput tableOutput;

  @Override
  public Integer call() throws IOException {
    input.validate();
    run.validate();
    SparkStart.with("assign", this::assign);
    return 0;
  }

  private void assign(SparkSession spark) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    run.reach(hadoop, input, model);
    RunFolder.check(run.output(), run.overwrite(), hadoop);
    tableOutput.check(spark, run.overwrite());
    Progress progress = run.progress();
    input
        .rows(spark)
        .read(
            run.output(),
            progress,
            (dataset, table) -> {
              new AssignRun(spark, model, dataset, run.engine(), run.partitions(), progress)
                  .write(run.output(), run.overwrite(), parameters(table), Version.all());
              return null;
            });
    tableOutput.write(spark, run);
  }

  private Map<String, Object> parameters(Optional<TableSpec> table) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("model", model);
    input.describe(parameters, table);
    run.describe(parameters);
    tableOutput.describe(parameters);
    return parameters;
  }
}
