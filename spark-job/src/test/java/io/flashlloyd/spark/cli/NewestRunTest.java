package io.flashlloyd.spark.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reindex --previous 'runs/*'}. */
class NewestRunTest {
  @TempDir private Path folder;
  private String input;
  private Path runs;

  @BeforeEach
  void runNights() throws IOException {
    input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(60, 3, 1));
    runs = Files.createDirectory(folder.resolve("runs"));
    CommandRun fit = CommandRun.of(args("fit", runs.resolve("mon"), "--k", "3"));
    assertThat(fit.status()).as(fit.err()).isZero();
    for (String night : List.of("tue", "thu", ".hidden")) {
      FileUtils.copyDirectory(runs.resolve("mon").toFile(), runs.resolve(night).toFile());
    }
    Files.createDirectory(runs.resolve("wed")); // a night that failed
    ended("mon", 3000);
    ended("tue", 2000);
    ended("thu", 9000); // an earlier try of the night that is to come
    ended(".hidden", 9000);
  }

  private void ended(String night, long seconds) throws IOException {
    Path report = runs.resolve(night).resolve("report.json");
    Files.setLastModifiedTime(report, FileTime.from(seconds, SECONDS));
  }

  @Test
  void shouldGoOnFromTheOneThatEndedLast() throws IOException {
    Path thu = runs.resolve("thu");

    CommandRun run = CommandRun.of(args("reindex", thu, "--overwrite", "--previous", runs + "/*"));

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(StoredRun.open(thu.toString(), new Configuration()).report().reindexing().previous())
        .isEqualTo("file:" + runs.resolve("mon"));
  }

  @Test
  void shouldRefuseWhereNoneIsComplete() {
    Refusal.of(
        folder,
        args("reindex", folder.resolve("out"), "--previous", runs + "/w*"),
        "/w* names no complete run (expected a folder with report.json, besides --output)");
  }

  private List<String> args(String command, Path output, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--quiet", "--input", input));
    args.addAll(List.of("--output", output.toString()));
    args.addAll(List.of(more));
    return args;
  }
}
