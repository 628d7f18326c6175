package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.CommitMark;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run and an export of it that say that they are not whole, as a store has them in parts. */
class CutOffCommitTest {
  private static final String REASON = " is not whole, as _COMMITTING in it says: run 0badcafe";

  @TempDir private static Path shared;
  private static String input;
  private static Path run;
  private static Path exported;

  @TempDir private Path folder;

  @BeforeAll
  static void leaveInParts() throws IOException {
    input = VectorFiles.fbin(shared.resolve("v.fbin"), VectorFiles.blobs(30, 3, 1));
    run = shared.resolve("run");
    exported = shared.resolve("exported");
    succeed("fit", "--k", "2", "--input", input, "--output", run.toString());
    succeed("export", "--model", run.toString(), "--to", "npy", "--output", exported.toString());
    for (Path cutOff : List.of(run, exported)) {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(cutOff.toUri());
      CommitMark.write(FileSystem.getLocal(new Configuration()), path, "run 0badcafe began here");
    }
  }

  @Test
  void shouldBeRefusedByWhoReadsIt() {
    for (Path model : List.of(run, run.resolve("model"))) {
      refuse("inspect", model.toString());
      refuse("assign", "--model", model.toString(), "--input", input);
      refuse("drift", "--model", model.toString(), "--input", input);
    }
    refuse("reindex", "--previous", run.toString(), "--input", input);
    refuse("export", "--model", run.toString(), "--to", "npy");
    refuse("inspect", exported.toString());
    refuse("fit", "--k", "2", "--input", exported.toString());
    refuse("fit", "--k", "2", "--input", run.resolve("..").resolve("exported").toString());
  }

  @Test
  void shouldBeRefusedAsAModel() {
    LocalSpark.session();
    assertThatThrownBy(() -> FlashKMeansModel.load(run.resolve("model").toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run" + REASON);
  }

  @Test
  void shouldNotBeTheNewestRun() {
    Refusal.of(
        folder,
        List.of(
            "reindex",
            "--quiet",
            "--previous",
            shared + "/r*",
            "--input",
            input,
            "--output",
            folder.resolve("out").toString()),
        "/r* names no complete run");
  }

  @Test
  void shouldGiveWayToWhoSaysOverwrite() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Files.writeString(first.resolve("centroids.npy"), "a part");
    Files.writeString(first.resolve(CommitMark.NAME), "run 0badcafe began here");
    String[] fit = {"fit", "--k", "2", "--input", input, "--output", first.toString()};
    List<String> args = new ArrayList<>(List.of(fit));
    args.add(1, "--quiet");

    Refusal.of(folder, args, "first" + REASON);
    args.add("--overwrite");
    CommandRun replaced = CommandRun.of(args);

    assertThat(replaced.status()).as(replaced.err()).isZero();
    succeed("inspect", first.toString());
    assertThat(folder.toFile().list()).containsExactly("first");
    assertThat(first.resolve(CommitMark.NAME)).doesNotExist();
  }

  private void refuse(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of(more));
    if (!command.equals("inspect")) {
      args.addAll(List.of("--quiet", "--output", folder.resolve("out").toString()));
    }
    Refusal.of(folder, args, REASON);
  }

  private static void succeed(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of(more));
    if (!command.equals("inspect")) {
      args.add("--quiet");
    }
    CommandRun done = CommandRun.of(args);
    assertThat(done.status()).as(done.err()).isZero();
  }
}
