package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.spark.InLocale;
import io.flashlloyd.spark.fit.KMeansConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are for programs too: the same wherever the machine stands. */
class LocaleTest {
  @TempDir private Path folder;

  private CommandRun fit() {
    return CommandRun.of(
        "fit",
        "--input",
        "synthetic:rows=3000,dim=8,dtype=f32",
        "--k",
        "3",
        "--max-iter",
        "1",
        "--engine",
        "cpu",
        "--output",
        folder.resolve("run").toString());
  }

  @Test
  void shouldPrintDecimalPointsInGermany() {
    CommandRun run = InLocale.german(this::fit);

    assertThat(run.errLines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "iteration   1  cost [\\d.]+  moved 3,000 rows  shift [\\d.]+  [\\d.]+ s"));
  }

  private static String description() {
    try (LloydEngine engine = Engines.open("cpu", 2)) {
      return engine.description();
    }
  }

  @Test
  void shouldPrintDigitsThatProgramsKnow() {
    CommandRun run = InLocale.arabic(this::fit);

    assertThat(run.err()).contains("iteration   1  cost ").matches("\\p{ASCII}*");
    assertThat(InLocale.arabic(LocaleTest::description)).matches("cpu: 2 threads, \\d+-bit.*");
    assertThat(folder.resolve("run/assignments").toFile().list())
        .anyMatch(name -> name.startsWith("part-000000-"));
  }

  /** The estimators are not the command line: nobody sets a locale for them. */
  @Test
  void shouldWriteErrorsAlikeInALibrary() {
    assertThat(InLocale.german(() -> KMeansConfig.most(1024)))
        .isEqualTo(
            "at most 2,097,151, for 2,147,483,639 coordinates of all centroids at dimension 1024");
  }
}
