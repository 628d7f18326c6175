package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place whose output was moved away by a run that was killed before it put its own there. */
class CutOffOverwriteTest {
  private static final String OLD = ".run.replaced-0badcafe";
  private static final String NEXT = ".run.writing-0badcafe";

  @TempDir private Path folder;
  private String input;
  private Path run;

  @BeforeEach
  void cutOff() throws IOException {
    input = VectorFiles.fbin(folder.resolve("v.fbin"), VectorFiles.blobs(30, 3, 1));
    run = folder.resolve("run");
    assertThat(fit("--seed", "1").status()).isZero();
    Files.move(run, folder.resolve(NEXT));
    assertThat(fit("--seed", "2").status()).isZero();
    Files.move(run, folder.resolve(OLD));
  }

  @Test
  void shouldNameWhatIsLeftToWhoReadsIt() {
    for (List<String> command :
        List.of(
            List.of("inspect", run.toString()),
            List.of("assign", "--quiet", "--model", run.toString()),
            List.of("reindex", "--quiet", "--previous", run.toString()),
            List.of("drift", "--quiet", "--model", run.toString()))) {
      Refusal.of(
          folder,
          command.size() == 2 ? command : withFiles(command),
          "run does not exist: replacing it was cut off (what was there is in " + OLD,
          "what was to come in " + NEXT + "; both are whole",
          "rename one of them to run)");
    }
  }

  private List<String> withFiles(List<String> command) {
    List<String> all = new java.util.ArrayList<>(command);
    all.addAll(List.of("--input", input, "--output", folder.resolve("out").toString()));
    return all;
  }

  @Test
  void shouldKeepBothFromWhoWouldWriteThere() {
    Refusal.of(
        folder,
        List.of("fit", "--quiet", "--k", "2", "--input", input, "--output", run.toString()),
        "run does not exist: replacing it was cut off (what was there is in " + OLD,
        "rename one of them to run, or give --overwrite to do without both)");
  }

  @Test
  void shouldHaveItBackByARename() throws IOException {
    Files.move(folder.resolve(OLD), run);

    CommandRun found = CommandRun.of("inspect", run.toString());

    assertThat(found.status()).as(found.err()).isZero();
  }

  @Test
  void shouldRemoveWhatIsLeftOnceAnotherRunIsThere() {
    CommandRun next = fit("--overwrite");

    assertThat(next.status()).as(next.err()).isZero();
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("v.fbin", "run");
  }

  private CommandRun fit(String... more) {
    List<String> args = new java.util.ArrayList<>(List.of("fit", "--quiet", "--k", "2"));
    args.addAll(List.of("--input", input, "--output", run.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }
}
