package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code assign}: the rows of files to the clusters of a model. */
class AssignCommandTest {
  @TempDir private static Path folder;
  private static Path run;
  private static String input;

  @BeforeAll
  static void fit() throws IOException {
    run = folder.resolve("run");
    input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(150, 4, 5));
    succeed("fit", "--quiet", "--input", input, "--k", "6", "--output", run.toString());
  }

  @Test
  void shouldAssignAsFitDid() {
    assertThat(assignments(assign("same", run, input))).isEqualTo(assignments(run));
  }

  @Test
  void shouldTakeTheModelFolderAsModel() {
    assertThat(assignments(assign("model", run.resolve("model"), input)))
        .isEqualTo(assignments(run));
  }

  @Test
  void shouldNumberRowsInArgumentOrderThenPathOrder() throws IOException {
    Path parts = folder.resolve("parts");
    java.nio.file.Files.createDirectory(parts);
    float[][] rows = VectorFiles.blobs(150, 4, 5);
    String first = VectorFiles.npy(folder.resolve("z.npy"), slice(rows, 0, 40));
    VectorFiles.npy(parts.resolve("a.npy"), slice(rows, 40, 90));
    VectorFiles.npy(parts.resolve("b.npy"), slice(rows, 90, 150));

    Path assigned = assign("parts-assigned", run, first, parts.toString());

    assertThat(assignments(assigned)).isEqualTo(assignments(run));
  }

  @Test
  void shouldWriteAssignmentsAndReportsOnly() throws IOException {
    Path assigned = assign("report", run, input);

    assertThat(assigned.toFile().list((dir, name) -> !name.endsWith(".crc")))
        .containsExactlyInAnyOrder("_committed", "assignments", "report.html", "report.json");
    JsonNode report = new ObjectMapper().readTree(assigned.resolve("report.json").toFile());
    JsonNode fit = new ObjectMapper().readTree(run.resolve("report.json").toFile());
    assertThat(report.path("command").asText()).isEqualTo("assign");
    assertThat(report.path("rows").asLong()).isEqualTo(150);
    assertThat(report.path("k").asInt()).isEqualTo(6);
    assertThat(report.path("trainingCost").asDouble())
        .isEqualTo(fit.path("trainingCost").asDouble());
    assertThat(report.path("clusterSizes")).isEqualTo(fit.path("clusterSizes"));
    assertThat(report.path("parameters").path("model").asText()).isEqualTo(run.toString());
  }

  private static Path assign(String name, Path model, String... inputs) {
    Path output = folder.resolve(name);
    List<String> args =
        new java.util.ArrayList<>(List.of("assign", "--quiet", "--model", model.toString()));
    args.addAll(List.of("--output", output.toString(), "--input"));
    args.addAll(List.of(inputs));
    succeed(args.toArray(String[]::new));
    return output;
  }

  private static void succeed(String... args) {
    CommandRun done = CommandRun.of(args);
    assertThat(done.status()).as(done.err()).isZero();
  }

  private static List<Row> assignments(Path run) {
    return Tables.read(run.resolve("assignments"), "id");
  }

  private static float[][] slice(float[][] rows, int from, int to) {
    return java.util.Arrays.copyOfRange(rows, from, to);
  }
}
