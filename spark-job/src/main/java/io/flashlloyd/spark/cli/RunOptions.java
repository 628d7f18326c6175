package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.Awaited;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of every command that runs over data. */
final class RunOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--engine",
      defaultValue = "auto",
      paramLabel = "NAME",
      description =
          "auto (the default: gpu where there is one), cpu, gpu, or reference. The result is the"
              + " same.")
  private String engine;

  @Option(
      names = "--partitions",
      defaultValue = "0",
      paramLabel = "P",
      description = "Tasks in each pass; default: one for each executor. The result is the same.")
  private int partitions;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "URI",
      description = "Folder for the results; it appears when all is done.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the output folder if it exists.")
  private boolean overwrite;

  @Option(names = "--quiet", description = "Print errors only.")
  private boolean quiet;

  String engine() {
    return engine;
  }

  int partitions() {
    return partitions;
  }

  String output() {
    return output;
  }

  boolean overwrite() {
    return overwrite;
  }

  boolean quiet() {
    return quiet;
  }

  void validate() {
    UsageMessage.require(
        partitions >= 0, command, "--partitions", partitions, "at least 1, or 0 for the default");
    UsageMessage.require(
        EngineSettings.CHOICES.contains(engine),
        command,
        "--engine",
        engine,
        "auto, cpu, gpu or reference");
    UsageMessage.require(!output.isBlank(), command, "--output", "empty", "a folder");
  }

  Progress progress() {
    return quiet ? Progress.silent() : ConsoleProgress.standard();
  }

  /** Waits until the file systems of the output, the inputs and others have answered once. */
  void reach(Configuration hadoop, InputOptions input, String... others) throws IOException {
    List<String> uris = new ArrayList<>(input.uris());
    uris.add(output);
    uris.addAll(Arrays.asList(others));
    Awaited.by(progress()).fileSystems(hadoop, uris);
  }

  void describe(Map<String, Object> parameters) {
    parameters.put("engine", engine);
    parameters.put("partitions", partitions);
  }
}
