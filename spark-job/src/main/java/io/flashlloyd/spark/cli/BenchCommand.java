package io.flashlloyd.spark.cli;

import io.flashlloyd.engine.GpuBench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code flashlloyd bench}: the GPU engine alone, without Spark. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Time the GPU engine at the shapes of the Flash-KMeans paper, beside flash-kmeans.",
    description = {
      "",
      "Prints device times of each kernel and whole iterations, the card's limits and, of --peer,"
          + " the peer's times and ratios. Needs a GPU and no input; rows are Gaussian noise.",
      ""
    },
    footer = {
      "",
      "Example (the script is gpu-engine/src/bench/python/flash_kmeans_peer.py):",
      "  flash_kmeans_peer.py --json peer.jsonl",
      "  flashlloyd bench --suite paper --check --peer peer.jsonl --json ours.jsonl"
    })
final class BenchCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandSpec command;

  @Option(
      names = "--suite",
      defaultValue = "paper",
      paramLabel = "NAME",
      description = "paper: every shape of its table; small: the first three. Default: paper.")
  private String suite;

  @Option(
      names = "--peer",
      paramLabel = "FILE",
      description = "What flash_kmeans_peer.py wrote in the same session on this card.")
  private Path peer;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write JSON, a line a shape.")
  private Path json;

  @Option(
      names = "--check",
      description = "Compare each shape with a pass that tries every centroid in float64.")
  private boolean check;

  @Option(names = "--portable", description = "The screen of cards before Hopper.")
  private boolean portable;

  @Option(
      names = "--tiles",
      description = "Try every tile shape instead; say how far the cost model's is from the best.")
  private boolean tiles;

  @Override
  public Integer call() throws IOException {
    UsageMessage.require(
        List.of("paper", "small").contains(suite), command, "--suite", suite, "paper or small");
    List<String> arguments = new ArrayList<>(List.of("--suite", suite));
    if (peer != null) {
      arguments.addAll(List.of("--peer", peer.toString()));
    }
    if (json != null) {
      arguments.addAll(List.of("--json", json.toString()));
    }
    if (check) {
      arguments.add("--check");
    }
    if (portable) {
      arguments.add("--portable");
    }
    if (tiles) {
      arguments.add("--tiles");
    }
    GpuBench.run(arguments);
    return 0;
  }
}
