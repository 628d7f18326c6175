package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.report.IterationReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says while it runs. */
class ProgressTest {
  private static final IterationReport ITERATION =
      new IterationReport(3, 1234.5, 0.25, 1200, 2, 0, Map.of("total", 1.5), Map.of());

  private static final IterationReport ONE_MOVED =
      new IterationReport(4, 1230, 0.1, 1, 0, 0, Map.of("total", 1.5), Map.of());

  private static final IterationReport LATE =
      new IterationReport(9, 1230, 0.1, 7, 0, 1100, Map.of("total", 1.5), Map.of());

  @TempDir private Path folder;

  @Test
  void shouldPrintAPlainLineForEachStageAndIterationWithoutATerminal() throws IOException {
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(1200, 3, 4));
    CommandRun fit =
        CommandRun.of(
            "fit",
            "--input",
            input,
            "--k",
            "3",
            "--max-iter",
            "2",
            "--tol",
            "0",
            "--output",
            folder.resolve("run").toString());

    assertThat(fit.out()).isEmpty();
    assertThat(fit.err()).doesNotContain("\r", "\u001b");
    assertThat(fit.errLines())
        .anySatisfy(line -> assertThat(line).matches("read: 1,200 rows in .* s, .* rows/s"))
        .anySatisfy(
            line -> assertThat(line).matches("iteration   1  cost .*  moved 1,200 rows .* s"))
        .anySatisfy(line -> assertThat(line).startsWith("iteration   2  cost "))
        .anySatisfy(line -> assertThat(line).matches("assign: 1,200 rows in .* s, .* rows/s"))
        .anySatisfy(
            line -> assertThat(line).matches("/.*run: 3 clusters, training cost [0-9.e+]+"));
  }

  @Test
  void shouldShowRowsByNameOrSayHow() throws IOException {
    float[][] rows = {{1, 2}, {5, 6}};
    String plain = VectorFiles.fbin(folder.resolve("v.fbin"), rows);
    String named =
        Tables.identified(
            folder.resolve("v.parquet"), DataTypes.IntegerType, List.of(70, 80), rows);

    assertThat(fit(plain, "--k", "2").errLines())
        .noneMatch(line -> line.startsWith("cluster "))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("rows have no names (expected --id-column")
                    .endsWith("/assignments"));
    assertThat(fit(named, "--k", "1", "--id-column", "id").errLines())
        .contains("cluster 0, 2 rows: 70 80");
  }

  private CommandRun fit(String input, String... more) {
    List<String> args = new ArrayList<>(List.of("fit", "--input", input, "--overwrite"));
    args.addAll(List.of("--output", folder.resolve("run").toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void shouldNotReportRowsOfAStageThatFailed() throws IOException {
    float[][] rows = VectorFiles.blobs(50, 3, 4);
    rows[49][1] = Float.NaN;
    String input = VectorFiles.fbin(folder.resolve("v.fbin"), rows);

    CommandRun fit =
        CommandRun.of(
            "fit", "--input", input, "--k", "3", "--output", folder.resolve("run").toString());

    assertThat(fit.errLines()).hasSize(1);
    assertThat(fit.err()).contains("v.fbin, row 49, column 1: the value is NaN");
  }

  @Test
  void shouldNameEmptyClustersWhereThereAreSome() {
    assertThat(printed(false))
        .isEqualTo(
            "iteration   3  cost 1234.50000  moved 1,200 rows  shift 0.250  empty 2  1.50 s\n");
  }

  @Test
  void shouldRedrawItsLineOnATerminal() {
    assertThat(printed(true)).startsWith("\r\u001b[Kiteration   3");
  }

  @Test
  void shouldTellHowFarAStageIs() {
    assertThat(StageLine.of("assign", 1_000_000, 250_000, 0.1))
        .isEqualTo("assign: 250,000 rows, 2.5 M rows/s, 25 %, 0 s left");
    assertThat(StageLine.of("iteration 4", 90_000_000, 1_000_000, 100))
        .isEqualTo("iteration 4: 1,000,000 rows, 10,000 rows/s, 1 %, 2:28:20 left");
  }

  @Test
  void shouldCountOneRowAsOne() {
    assertThat(StageLine.of("read", -1, 1, 0.5)).isEqualTo("read: 1 row, 2 rows/s");
    assertThat(StageLine.ended("read", 1, 0.5)).isEqualTo("read: 1 row in 0.50 s, 2 rows/s");
    assertThat(printed(ONE_MOVED, false))
        .contains("  moved 1 row  shift ")
        .doesNotContain("unscreened");
    assertThat(printed(LATE, false)).contains("  shift 0.100  unscreened 1,100 rows  1.50 s");
  }

  @Test
  void shouldNotGuessWithoutARowCount() {
    assertThat(StageLine.of("read", -1, 3000, 1)).isEqualTo("read: 3,000 rows, 3,000 rows/s");
    assertThat(StageLine.of("read", 50, 0, 1)).isEqualTo("read: 0 rows, 0 rows/s");
  }

  private static String printed(boolean live) {
    return printed(ITERATION, live);
  }

  private static String printed(IterationReport iteration, boolean live) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    new ConsoleProgress(stream, live).iteration(iteration);
    return out.toString(StandardCharsets.UTF_8);
  }
}
