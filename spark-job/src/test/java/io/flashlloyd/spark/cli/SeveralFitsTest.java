package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the estimator's params nInit and emptyCluster ask for, the command's options do too. */
class SeveralFitsTest {
  @TempDir private Path folder;

  @Test
  void shouldKeepTheFitOfLeastCost() throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(300, 4, 5));
    TreeMap<Double, Path> byCost = new TreeMap<>();
    for (int seed = 7; seed < 10; seed++) {
      Path run = fit(input, "seed" + seed, "--seed", Integer.toString(seed));
      byCost.put(report(run).path("trainingCost").asDouble(), run);
    }
    assertThat(byCost).hasSize(3);

    Path best = fit(input, "best", "--seed", "7", "--n-init", "3", "--empty-cluster", "split");

    JsonNode report = report(best);
    assertThat(report.path("trainingCost").asDouble()).isEqualTo(byCost.firstKey());
    assertThat(Files.readAllBytes(best.resolve("centroids.npy")))
        .isEqualTo(Files.readAllBytes(byCost.firstEntry().getValue().resolve("centroids.npy")));
    assertThat(report.path("parameters").path("nInit").asInt()).isEqualTo(3);
    assertThat(report.path("parameters").path("emptyCluster").asText()).isEqualTo("split");
  }

  @Test
  void shouldRefuseWhatCannotBe() {
    List<String> fit = List.of("fit", "--k", "2", "--input", "v.npy", "--output", "run");
    refuse(fit, "--n-init is 0 (expected at least 1)", "--n-init", "0");
    refuse(
        fit,
        "--n-init is 2 (expected 1 with --checkpoint, which is of one fit)",
        "--n-init",
        "2",
        "--checkpoint",
        "c");
    refuse(fit, "--empty-cluster is drop (expected keep or split)", "--empty-cluster", "drop");
  }

  private void refuse(List<String> fit, String message, String... options) {
    List<String> args = new ArrayList<>(fit);
    args.addAll(List.of(options));
    Refusal.of(folder, args, message);
  }

  private Path fit(String input, String name, String... options) {
    Path run = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("fit", "--input", input, "--k", "12"));
    args.addAll(List.of("--init", "random", "--tol", "0", "--engine", "cpu", "--quiet"));
    args.addAll(List.of("--output", run.toString()));
    args.addAll(List.of(options));
    CommandRun ended = CommandRun.of(args);
    assertThat(ended.status()).as(ended.err()).isZero();
    return run;
  }

  private static JsonNode report(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("report.json").toFile());
  }
}
