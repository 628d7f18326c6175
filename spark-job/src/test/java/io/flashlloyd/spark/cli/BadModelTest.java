package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are none, or do not fit the input. */
class BadModelTest {
  @TempDir private static Path shared;
  private static Path run;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() throws IOException {
    run = shared.resolve("run");
    String input = VectorFiles.fbin(shared.resolve("v.fbin"), VectorFiles.blobs(30, 3, 1));
    CommandRun fit =
        CommandRun.of("fit", "--quiet", "--input", input, "--k", "3", "--output", run.toString());
    assertThat(fit.status()).as(fit.err()).isZero();
  }

  @Test
  void shouldRefuseAModelThatDoesNotExist() throws IOException {
    refuse(
        folder.resolve("none"),
        "none does not exist (expected a folder that `flashlloyd fit` wrote, or its model/)");
  }

  @Test
  void shouldRefuseAFolderThatIsNoModel() throws IOException {
    refuse(Files.createDirectory(folder.resolve("other")), "other does not exist (expected a fold");
  }

  @Test
  void shouldRefuseAFileAsModel() throws IOException {
    refuse(
        run.resolve("centroids.npy"), "centroids.npy", "(expected a folder that `flashlloyd fit`");
  }

  @Test
  void shouldRefuseARunThatIsNotComplete() throws IOException {
    Path copy = copyOfRun();
    Files.delete(copy.resolve("report.json"));
    refuse(copy, "copy has no report.json: it is not complete (run `flashlloyd fit` again)");
  }

  @Test
  void shouldRefuseAModelWithoutCentroids() throws IOException {
    Path model = copyOfRun().resolve("model");
    deleteAll(model.resolve("data"));
    refuse(model, "model", "cannot be read");
  }

  @Test
  void shouldRefuseADamagedModel() throws IOException {
    Path model = copyOfRun().resolve("model");
    try (Stream<Path> files = Files.list(model.resolve("data"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        VectorFiles.truncate(file.toString(), 40);
      }
    }
    refuse(model, "model", "cannot be read");
  }

  @Test
  void shouldRefuseAModelWhoseMetadataSaysNothing() throws IOException {
    Path model = copyOfRun().resolve("model");
    List<Path> parts;
    try (Stream<Path> files = Files.list(model.resolve("metadata"))) {
      parts = files.filter(file -> file.getFileName().toString().startsWith("part-")).toList();
    }
    assertThat(parts).hasSize(1);
    Files.deleteIfExists(parts.get(0).resolveSibling("." + parts.get(0).getFileName() + ".crc"));
    for (String damaged : new String[] {"{}", "null", "[]", "{\"class\": 7}", "{\"class\""}) {
      Files.writeString(parts.get(0), damaged + "\n");
      refuse(model, "model", "cannot be read");
    }
  }

  @Test
  void shouldRefuseAModelWithoutPermission() throws IOException {
    DeniedFileSystem.register(LocalSpark.session().sparkContext().hadoopConfiguration());
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(8, 3, 1));
    Refusal.of(
        folder,
        assign("denied:" + run, input),
        "Model denied:" + run + " may not be read (Permission denied: user=tester, access=READ",
        "give this user read access");
  }

  @Test
  void shouldRefuseTheModelOfAnotherEstimator() throws IOException {
    Path model = folder.resolve("mllib");
    new org.apache.spark.ml.feature.Binarizer().write().save(model.toString());
    refuse(model, "mllib cannot be read as FlashKMeansModel", "Binarizer");
  }

  @Test
  void shouldRefuseInputOfAnotherDimension() throws IOException {
    String input = VectorFiles.fbin(folder.resolve("w.fbin"), VectorFiles.blobs(8, 4, 1));
    Refusal.of(
        folder, assign(run, input), "Input has dimension 4 (expected 3, as model " + run + ")");
  }

  @Test
  void shouldNotReplaceItsOwnModel() throws IOException {
    Path copy = copyOfRun();
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(8, 3, 1));
    Refusal.of(
        folder,
        List.of(
            "assign",
            "--quiet",
            "--overwrite",
            "--model",
            copy.resolve("model").toString(),
            "--input",
            input,
            "--output",
            copy.toString()),
        "Output " + copy + " holds the input ",
        "model and would replace it (expected another folder)");
  }

  private void refuse(Path model, String... message) throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(8, 3, 1));
    Refusal.of(folder, assign(model, input), message);
  }

  private List<String> assign(Path model, String input) {
    return assign(model.toString(), input);
  }

  private List<String> assign(String model, String input) {
    return List.of(
        "assign",
        "--quiet",
        "--model",
        model,
        "--input",
        input,
        "--output",
        folder.resolve("assigned").toString());
  }

  private Path copyOfRun() throws IOException {
    Path copy = folder.resolve("copy");
    try (Stream<Path> paths = Files.walk(run)) {
      for (Path path : paths.toList()) {
        Files.copy(path, copy.resolve(run.relativize(path).toString()));
      }
    }
    return copy;
  }

  private static void deleteAll(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
