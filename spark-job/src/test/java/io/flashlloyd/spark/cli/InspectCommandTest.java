package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect} of all it knows. */
class InspectCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void fit() throws IOException {
    VectorFiles.npy(folder.resolve("v.npy"), VectorFiles.blobs(1500, 4, 2));
    fit("run", 2);
  }

  private static void fit(String output, int iterations) {
    CommandRun fit =
        CommandRun.of(
            "fit",
            "--quiet",
            "--input",
            folder.resolve("v.npy").toString(),
            "--k",
            "3",
            "--max-iter",
            String.valueOf(iterations),
            "--output",
            folder.resolve(output).toString());
    assertThat(fit.status()).as(fit.err()).isZero();
  }

  @Test
  void shouldDescribeAFile() {
    assertThat(inspect("v.npy"))
        .contains(
            "format     npy",
            "files      1",
            "rows       1,500",
            "dimension  4",
            "dtype      float32");
  }

  @Test
  void shouldDescribeAFolderOfFiles() throws IOException {
    Path bytes = Files.createDirectory(folder.resolve("bytes"));
    VectorFiles.bytesBin(bytes.resolve("a.u8bin"), 10, 3, new byte[30]);
    VectorFiles.bytesBin(bytes.resolve("b.u8bin"), 20, 3, new byte[60]);

    assertThat(inspect("bytes"))
        .contains(
            "format     u8bin",
            "files      2",
            "rows       30",
            "dimension  3",
            "dtype      uint8");
  }

  @Test
  void shouldDescribeARun() {
    assertThat(inspect("run"))
        .contains(
            "run of     flashlloyd fit",
            "rows       1,500",
            "dimension  4",
            "clusters   3",
            "iterations 2")
        .anySatisfy(line -> assertThat(line).matches("cost       [0-9.E]+"))
        .anySatisfy(line -> assertThat(line).matches("sizes      \\d+ to .*, 0 empty"));
  }

  /** It has folders of the names that a model of Spark ML has. */
  @Test
  void shouldNotTakeAnIcebergTableForAModel() throws IOException {
    Path table = Files.createDirectories(folder.resolve("iceberg"));
    Files.createDirectories(table.resolve("metadata"));
    Files.createDirectories(table.resolve("data"));
    Files.writeString(table.resolve("metadata/v1.metadata.json"), "{}");
    VectorFiles.npy(table.resolve("data/v.npy"), VectorFiles.blobs(10, 4, 2));

    CommandRun inspect = CommandRun.of("inspect", table.toString());
    assertThat(inspect.status()).isEqualTo(1);
    assertThat(inspect.err()).contains("iceberg: is an Iceberg table", "--table CATALOG.DB.NAME");
    CommandRun warm =
        CommandRun.of(
            "fit",
            "--quiet",
            "--input",
            folder.resolve("v.npy").toString(),
            "--init",
            table.toString(),
            "--output",
            folder.resolve("warm").toString());
    assertThat(warm.status()).isEqualTo(1);
    assertThat(warm.err()).contains("is an Iceberg table");
  }

  /** Nothing was to converge. */
  @Test
  void shouldDescribeARunWithoutIterations() {
    fit("begun", 0);

    assertThat(inspect("begun")).contains("iterations 0");
  }

  @Test
  void shouldDescribeAModel() {
    assertThat(inspect("run/model"))
        .containsExactly("model      Spark ML", "clusters   3", "dimension  4");
  }

  @Test
  void shouldShowEachColumnAndHowToUseIt() throws IOException {
    Path made = Path.of("../arrow-io/src/test/resources/formats/hyparquet.parquet");
    Files.copy(made, folder.resolve("two words.parquet"));
    Path file = folder.resolve("two words.parquet");

    CommandRun run = CommandRun.of("inspect", file.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList())
        .containsSubsequence(
            "columns that could hold vectors",
            "f16 list<FIXED_LEN_BYTE_ARRAY(2) FLOAT16> dimension 6 nulls ? SNAPPY",
            "bf16 list<FIXED_LEN_BYTE_ARRAY(2)> dimension 6 nulls ? SNAPPY",
            "s.emb list<FLOAT> dimension 6 nulls ? SNAPPY",
            "columns that could name rows",
            "s.id BINARY STRING nulls ? SNAPPY",
            "uuid FIXED_LEN_BYTE_ARRAY(16) UUID nulls ? SNAPPY",
            "to use them",
            "flashlloyd fit --input '" + file + "' --column f16 --id-column s.id",
            "flashlloyd fit --input '" + file + "' --column bf16 --bfloat16 --id-column s.id");
    assertThat(inspect("two words.parquet", "--column", "i8"))
        .contains("rows       60", "dimension  6", "dtype      int8")
        .anyMatch(line -> line.endsWith("--column u8 --id-column s.id"));
  }

  @Test
  void shouldNameWhatIsNotReadAsFitDoes() {
    Path made = Path.of("../arrow-io/src/test/resources/formats");
    Refusal.of(
        folder,
        List.of("inspect", made.resolve("duckdb-encrypted.parquet").toString()),
        "duckdb-encrypted.parquet: is encrypted, which is not read");
    Refusal.of(
        folder,
        List.of("inspect", "--column", "i8", made.resolve("duckdb-brotli.parquet").toString()),
        "duckdb-brotli.parquet: column 'i8' is compressed with BROTLI");
  }

  @Test
  void shouldRefuseWhatIsNotThere() {
    Refusal.of(
        folder,
        List.of("inspect", folder.resolve("none").toString()),
        "none: does not exist",
        "check the path");
  }

  @Test
  void shouldRefuseAReportThatIsDamaged() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("report.json"), "{\"rows\": 15");
    Refusal.of(folder, List.of("inspect", broken.toString()), "broken/report.json", "run ");
  }

  private static List<String> inspect(String name, String... more) {
    List<String> args = new ArrayList<>(List.of("inspect", folder.resolve(name).toString()));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    return run.out().lines().toList();
  }
}
