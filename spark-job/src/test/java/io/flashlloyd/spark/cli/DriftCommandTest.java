package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code drift}: what it measures, decides, writes and refuses. */
class DriftCommandTest {
  @TempDir private static Path shared;
  private static String run;
  private static String same;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() throws IOException {
    run = shared.resolve("run").toString();
    same = VectorFiles.fbin(shared.resolve("v.fbin"), VectorFiles.blobs(500, 3, 1));
    CommandRun fit = CommandRun.of("fit", "--quiet", "--input", same, "--k", "5", "--output", run);
    assertThat(fit.status()).as(fit.err()).isZero();
  }

  @Test
  void shouldCallTheSameRowsStable() throws IOException {
    CommandRun drift = drift(run, same);

    assertThat(drift.status()).as(drift.err()).isZero();
    assertThat(folder.resolve("out").toFile().list((dir, name) -> !name.endsWith(".crc")))
        .containsExactlyInAnyOrder("_committed", "drift.json");
    JsonNode json = json();
    assertThat(json.path("decision").asText()).isEqualTo("stable");
    assertThat(json.path("rowsBefore").asLong()).isEqualTo(500);
    assertThat(json.path("costPerRowAfter").asDouble())
        .isCloseTo(json.path("costPerRowBefore").asDouble(), within(1e-12));
    assertThat(value(json, "psi")).isZero();
    assertThat(value(json, "far-rows")).isLessThan(0.0101);
    assertThat(json.path("reference").asText()).isEqualTo("file:" + run);
  }

  @Test
  void shouldCallOtherRowsOfTheSameKindStable() throws IOException {
    String other = VectorFiles.fbin(folder.resolve("o.fbin"), VectorFiles.blobs(500, 3, 2));
    CommandRun drift = drift(run, other);
    assertThat(drift.status()).as(drift.out() + drift.err()).isZero();
  }

  @Test
  void shouldEndWithThreeWhereRowsHaveMoved() throws IOException {
    float[][] rows = VectorFiles.blobs(500, 3, 2);
    for (int row = 0; row < 100; row++) {
      rows[row][0] += 9;
    }
    CommandRun drift = drift(run, VectorFiles.fbin(folder.resolve("o.fbin"), rows));

    assertThat(drift.status()).as(drift.err()).isEqualTo(3);
    assertThat(drift.err().trim()).contains("out: drifted cost-ratio ");
    assertThat(drift.out()).contains("measure ", "cost-ratio ", "  drifted");
    JsonNode json = json();
    assertThat(json.path("decision").asText()).isEqualTo("drifted");
    assertThat(value(json, "far-rows")).isBetween(0.15, 0.25);
    assertThat(value(json, "cost-ratio")).isGreaterThan(2);
  }

  /** The run has a row of FLT_MAX, a cluster by itself; its other rows are unchanged since. */
  @Test
  void shouldCompareTheCostsOfARunWithARowFarOut() throws IOException {
    float[][] rows = Arrays.copyOf(VectorFiles.blobs(500, 3, 1), 501);
    rows[500] = new float[] {Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE};
    String far = folder.resolve("far").toString();
    String input = VectorFiles.fbin(folder.resolve("f.fbin"), rows);
    CommandRun fit = CommandRun.of("fit", "--input", input, "--k", "6", "--output", far);
    assertThat(fit.status()).as(fit.err()).isZero();

    CommandRun drift = drift(far, same);

    assertThat(value(json(), "cost-ratio"))
        .as(drift.out() + drift.err())
        .isCloseTo(501 / 500.0, within(1e-9));
    double before = json().path("costPerRowBefore").asDouble() * 501;
    assertThat(before).isBetween(1000.0, 2000.0);
    assertThat(json().path("costPerRowAfter").asDouble() * 500).isCloseTo(before, within(1e-9));
  }

  @Test
  void shouldFollowTheThresholdsThatAreGiven() throws IOException {
    float[][] rows = VectorFiles.blobs(500, 3, 1);
    for (int row = 0; row < 20; row++) {
      rows[row][0] += 6;
    }
    String input = VectorFiles.fbin(folder.resolve("o.fbin"), rows);
    List<String> loose = List.of("--threshold", "cost-ratio=9", "--threshold", "far-rows=0.5");
    assertThat(drift(run, input).status()).isEqualTo(3);
    assertThat(drift(run, input, "--overwrite", "--threshold", "cost-ratio=9").status())
        .isEqualTo(3);
    List<String> args = new ArrayList<>(loose);
    args.add("--overwrite");
    assertThat(drift(run, input, args.toArray(String[]::new)).status()).isZero();
    assertThat(json().path("parameters").path("thresholds").path("far-rows").asDouble())
        .isEqualTo(0.5);
  }

  @Test
  void shouldTakeTheModelOfARunAndAReportOfAnother() throws IOException {
    assertThat(drift(run + "/model", same).status()).isZero();
    String report = run + "/report.json";
    assertThat(drift(run, same, "--overwrite", "--reference-report", report).status()).isZero();
  }

  @Test
  void shouldRefuseAModelThatIsNoRunWithoutAReport() throws IOException {
    Path model = folder.resolve("copy");
    copy(Path.of(run, "model"), model);
    Refusal.of(
        folder,
        args(model.toString(), same),
        "copy is not in a run's folder (name that run's report.json with --reference-report)");
  }

  @Test
  void shouldRefuseAReferenceOfAnotherShape() throws IOException {
    String other = folder.resolve("other").toString();
    CommandRun.of("fit", "--quiet", "--input", same, "--k", "3", "--output", other);
    List<String> args = new ArrayList<>(args(run, same));
    args.addAll(List.of("--reference-report", other));
    Refusal.of(folder, args, "other has 3 clusters of dimension 3 (expected 5 of 3, as model ");
  }

  @Test
  void shouldRefuseInputOfAnotherDimension() throws IOException {
    String wide = VectorFiles.fbin(folder.resolve("w.fbin"), VectorFiles.blobs(9, 4, 2));
    Refusal.of(folder, args(run, wide), "Input has dimension 4 (expected 3, as model ");
  }

  @Test
  void shouldRefuseAMeasureThatItDoesNotKnow() throws IOException {
    List<String> args = new ArrayList<>(args(run, same));
    args.addAll(List.of("--threshold", "kl=0.1"));
    Refusal.of(folder, args, "--threshold: 'kl' is no measure (expected cost-ratio, psi, js-");
  }

  @Test
  void shouldRefuseAThresholdThatIsNoNumber() throws IOException {
    List<String> args = new ArrayList<>(args(run, same));
    args.addAll(List.of("--threshold", "psi=much"));
    Refusal.of(folder, args, "--threshold is 'much' (expected a number, as X in NAME=X)");
  }

  @Test
  void shouldRefuseARunOfAssign() throws IOException {
    String assigned = folder.resolve("assigned").toString();
    CommandRun.of("assign", "--quiet", "--model", run, "--input", same, "--output", assigned);
    Refusal.of(
        folder, args(assigned, same), "assigned does not exist (expected a folder that `flashl");
  }

  private CommandRun drift(String model, String input, String... more) {
    List<String> args = new ArrayList<>(args(model, input));
    args.remove("--quiet");
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  private List<String> args(String model, String input) {
    String output = folder.resolve("out").toString();
    return List.of("drift", "--quiet", "--model", model, "--input", input, "--output", output);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/drift.json").toFile());
  }

  private static double value(JsonNode json, String name) {
    for (JsonNode measure : json.path("measures")) {
      if (measure.path("name").asText().equals(name)) {
        return measure.path("value").asDouble();
      }
    }
    throw new AssertionError("no measure " + name);
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
