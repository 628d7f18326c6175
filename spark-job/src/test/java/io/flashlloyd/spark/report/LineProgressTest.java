package io.flashlloyd.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.InLocale;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One line, written over and over. */
class LineProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void shouldOverwriteItsOneLineAndEndIt() {
    try (LineProgress progress =
        new LineProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
      progress.stage("read", -1).close();
      progress.stage("iteration 1", 1000).close();
      progress.iteration(
          new IterationReport(1, 1234.5, 0.25, 1000, 0, 0, Map.of("total", 0.5), Map.of()));
      progress.message("done");
    }

    String written = bytes.toString(StandardCharsets.UTF_8);
    assertThat(written).endsWith(System.lineSeparator());
    String[] lines = written.stripTrailing().split("\r", -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[1]).startsWith("read (0.");
    assertThat(lines[2])
        .startsWith("iteration 1: cost 1234.50000, 1,000 rows moved, shift 0.250 (");
    assertThat(lines[3]).startsWith("done (");
    assertThat(written.split("\r", -1)[3].replaceAll("\\R", ""))
        .as("covers what stood there")
        .hasSizeGreaterThanOrEqualTo(lines[2].length());
  }

  @Test
  void shouldSayNothingWhereNothingHappened() {
    new LineProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8)).close();

    assertThat(bytes.size()).isZero();
  }

  @Test
  void shouldWriteNumbersAlikeInEveryLocale() {
    IterationReport report =
        new IterationReport(1, 1234.5, 0.25, 1000, 0, 0, Map.of("total", 0.5), Map.of());
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (LineProgress progress = new LineProgress(out)) {
      InLocale.german(
          () -> {
            progress.iteration(report);
            return null;
          });
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("\riteration 1: cost 1234.50000, 1,000 rows moved, shift 0.250 (0.");
  }
}
