package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.nightly.DriftThresholds;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How much change is drift. */
final class ThresholdOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"--threshold", "--drift-threshold"},
      paramLabel = "NAME=X",
      description = {
        "How far a measure may be above what other rows of the old data's own distribution would"
            + " give; may be repeated. Measures and defaults:",
        "cost-ratio=0.1     cost of a row, new to old",
        "psi=0.1            stability index of cluster sizes",
        "js-divergence=0.02 their Jensen-Shannon divergence",
        "grown=0.05         share of clusters that doubled",
        "shrunk=0.05        share of clusters that halved",
        "emptied=0.05       share of clusters now empty",
        "far-rows=0.02      rows beyond a cluster's old p99"
      })
  private Map<String, Double> given = new LinkedHashMap<>();

  DriftThresholds thresholds() {
    try {
      return DriftThresholds.of(given);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--threshold: " + e.getMessage(), e);
    }
  }
}
