package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.report.RunReport;
import io.flashlloyd.spark.run.StoredRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of runs, opened again. */
class StoredRunTest {
  private static final Configuration HADOOP = new Configuration();
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir private static Path shared;
  private static Path input;
  private static Path fit;

  @TempDir private Path folder;

  @BeforeAll
  static void run() throws IOException {
    input = shared.resolve("v.parquet");
    List<String> ids = IntStream.range(0, 60).mapToObj(i -> "doc" + i).toList();
    Tables.identified(input, DataTypes.StringType, ids, VectorFiles.blobs(60, 3, 1));
    fit = shared.resolve("fit");
    run("fit", "--k", "4", "--column", "vector", "--id-column", "id", "--output", fit.toString());
  }

  @Test
  void shouldReadTheReportAsItWasWritten() throws IOException {
    RunReport report = StoredRun.open(fit.toString(), HADOOP).report();

    ObjectMapper json = new ObjectMapper();
    File file = fit.resolve("report.json").toFile();
    assertThat(json.readTree(json.writeValueAsBytes(report))).isEqualTo(json.readTree(file));
    assertThat(report.command()).isEqualTo("fit");
    assertThat(report.rows()).isEqualTo(60);
    assertThat(report.iterations()).isNotEmpty();
    assertThat(report.parameters()).containsEntry("idColumn", "id");
  }

  @Test
  void shouldFindWhatTheRunWrote() throws IOException {
    StoredRun run = StoredRun.open(fit.toString(), HADOOP);

    assertThat(run.uri()).isEqualTo("file:" + fit);
    assertThat(run.hasModel()).isTrue();
    assertThat(run.model(SPARK).centroids().k()).isEqualTo(4);
    assertThat(run.assignments(SPARK).columns()).containsExactly("id", "cluster", "distance");
    assertThat(run.assignments(SPARK).count()).isEqualTo(60);
    assertThat(run.clusters(SPARK).selectExpr("sum(size)").first().getLong(0)).isEqualTo(60);
  }

  @Test
  void shouldOpenItsOwnInputsAsTheRunDid() throws IOException {
    VectorDataset dataset = StoredRun.open(fit.toString(), HADOOP).dataset(HADOOP);

    assertThat(dataset.files()).containsExactly("file:" + input);
    assertThat(dataset.idType()).isEqualTo(IdType.STRING);
    assertThat(dataset.spec().column()).isEqualTo("vector");
    assertThat(dataset.rows()).isEqualTo(60);
  }

  @Test
  void shouldFindTheModelOfAnAssignment() throws IOException {
    Path assigned = folder.resolve("assigned");
    run("assign", "--model", fit.toString(), "--output", assigned.toString());

    StoredRun run = StoredRun.open(assigned.toString(), HADOOP);

    assertThat(run.hasModel()).isFalse();
    assertThat(run.report().model()).isEqualTo("file:" + fit);
    assertThat(run.model(SPARK).centroids())
        .isEqualTo(StoredRun.open(fit.toString(), HADOOP).model(SPARK).centroids());
    assertThatThrownBy(() -> run.clusters(SPARK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of `flashlloyd assign` has no clusters.parquet");
  }

  @Test
  void shouldRefuseWhatIsNotThere() {
    refuse(folder.resolve("none"), "none does not exist (expected a folder that flashlloyd wrote)");
  }

  @Test
  void shouldRefuseAFolderWithoutReport() {
    refuse(folder, "has no report.json: it is no run, or not a complete one");
  }

  @Test
  void shouldRefuseADamagedReport() throws IOException {
    Files.writeString(folder.resolve("report.json"), "{\"command\": \"fit\", \"rows\": 15");
    refuse(folder, "report.json is no report (Unexpected end-of-input", "run the command that");
  }

  @Test
  void shouldRefuseTheReportOfAnotherProgram() throws IOException {
    Files.writeString(folder.resolve("report.json"), "{\"status\": \"ok\", \"rows\": 15}");
    refuse(folder, "report.json is no report (it lacks the command, its inputs or parameters");
  }

  @Test
  void shouldRefuseAReportThatSaysNothing() throws IOException {
    for (String nothing : List.of("null", "{}", "[]", "7", "")) {
      Files.writeString(folder.resolve("report.json"), nothing);
      refuse(folder, "report.json is no report (", "run the command that wrote it again");
    }
  }

  @Test
  void shouldRefuseInputsThatHaveChanged() throws IOException {
    Path moved = folder.resolve("v.fbin");
    VectorFiles.fbin(moved, VectorFiles.blobs(20, 3, 1));
    Path output = folder.resolve("run");
    CommandRun.of(
        "fit", "--quiet", "--input", moved.toString(), "--k", "2", "--output", output.toString());
    VectorFiles.fbin(moved, VectorFiles.blobs(21, 3, 1));

    assertThatThrownBy(() -> StoredRun.open(output.toString(), HADOOP).dataset(HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining("hold 21 x 3 values (expected 20 x 3, as when it read them)");
  }

  private static void refuse(Path run, String... message) {
    assertThatThrownBy(() -> StoredRun.open(run.toString(), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(message);
  }

  private static void run(String command, String... more) {
    List<String> args = new java.util.ArrayList<>(List.of(command, "--quiet"));
    args.addAll(List.of("--input", input.toString()));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args);
    assertThat(run.status()).as(run.err()).isZero();
  }
}
