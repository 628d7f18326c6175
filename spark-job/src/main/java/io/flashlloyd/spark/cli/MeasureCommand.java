package io.flashlloyd.spark.cli;

import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.plan.MeasureRun;
import io.flashlloyd.spark.report.Awaited;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code flashlloyd measure}. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Run a few Lloyd iterations, write nothing, and say what they cost.",
    description = {
      "",
      "Prints the seconds of each iteration, how many of them are Spark's, and where the data lies;"
          + " in one process also what the engine alone takes for the same passes.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  flashlloyd measure --input synthetic:rows=1e7,dim=128,dtype=f16 --k 1024"
    })
final class MeasureCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandSpec command;
  @Mixin private InputOptions input;

  @Option(names = "--k", required = true, paramLabel = "K", description = "Number of clusters.")
  private int k;

  @Option(
      names = "--init",
      defaultValue = KMeansConfig.RANDOM,
      paramLabel = "HOW",
      description =
          "As in fit, but random if it is not given. A file spares the passes that choose.")
  private String init;

  @Option(
      names = "--iterations",
      defaultValue = "4",
      paramLabel = "N",
      description = "How many. Default: 4.")
  private int iterations;

  @Option(
      names = "--engine",
      defaultValue = "auto",
      paramLabel = "NAME",
      description = "As in fit. Default: auto.")
  private String engine;

  @Option(names = "--partitions", defaultValue = "0", paramLabel = "P", description = "As in fit.")
  private int partitions;

  @Override
  public Integer call() throws IOException {
    input.validateFiles();
    UsageMessage.require(k >= 1, command, "--k", k, "at least 1");
    UsageMessage.require(iterations >= 1, command, "--iterations", iterations, "at least 1");
    UsageMessage.require(partitions >= 0, command, "--partitions", partitions, "at least 0");
    UsageMessage.require(
        EngineSettings.CHOICES.contains(engine),
        command,
        "--engine",
        engine,
        "auto, cpu, gpu or reference");
    SparkStart.with("measure", this::measure);
    return 0;
  }

  private void measure(SparkSession spark) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Awaited.by(ConsoleProgress.standard()).fileSystems(hadoop, input.uris());
    VectorDataset dataset = VectorDataset.open(input.files(), hadoop);
    KMeansConfig config =
        new InitChoice(init).config(k, dataset.dimension(), iterations, 0, 1, hadoop);
    new MeasureRun(spark, engine, Progress.silent(), command.commandLine().getOut())
        .print(dataset, config, partitions);
  }
}
