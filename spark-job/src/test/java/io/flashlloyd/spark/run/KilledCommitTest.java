package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that ends at any step of its commit: the place holds a whole output or none, or is
 * refused with the reason, and a run with {@code --overwrite} replaces whatever there is.
 */
class KilledCommitTest {
  private final Configuration hadoop = FailingFileSystem.configuration();

  @TempDir private Path folder;

  private enum Left {
    ALIVE,
    WHOLE,
    REFUSED
  }

  /** What nothing catches. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @AfterEach
  void killNoMore() {
    FailingFileSystem.beforeEach(() -> {});
  }

  @ParameterizedTest
  @CsvSource({"failing,false", "failing,true", "gs,false", "gs,true"})
  void shouldLeaveAWholeOutputOrSayThatItIsNot(String scheme, boolean overwrite)
      throws IOException {
    hadoop.setClass("fs.gs.impl", ObjectStoreCommitTest.Store.class, FileSystem.class);
    int refused = 0;
    int step = 1;
    for (Left left = leftAt(scheme, overwrite, step);
        left != Left.ALIVE;
        left = leftAt(scheme, overwrite, step)) {
      refused += left == Left.REFUSED ? 1 : 0;
      step++;
    }
    assertThat(step).as("steps of a commit").isGreaterThan(5);
    assertThat(refused > 0).as("times refused").isEqualTo(scheme.equals("gs") || overwrite);
  }

  /** What a process leaves that ends there; alive where there is no such step. */
  private Left leftAt(String scheme, boolean overwrite, int step) throws IOException {
    Path parent = Files.createDirectories(folder.resolve("at-" + step));
    String place = scheme + ":" + parent.resolve("run");
    String situation = "%s, step %d".formatted(place, step);
    if (overwrite) {
      CommittedRun.written(place, false, "old", hadoop).run();
    }
    CommittedRun run = CommittedRun.written(place, overwrite, "new", hadoop);
    AtomicInteger steps = new AtomicInteger();
    FailingFileSystem.beforeEach(
        () -> {
          if (steps.incrementAndGet() >= step) { // and nothing after it
            throw new Killed();
          }
        });
    try {
      run.run();
      return Left.ALIVE;
    } catch (Killed e) {
      FailingFileSystem.beforeEach(() -> {});
    }
    Left end = left(place, overwrite ? "old" : null, situation);
    CommittedRun next = CommittedRun.written(place, true, "newest", hadoop);
    next.run();
    assertThat(next.succeeded()).as(situation).isTrue();
    assertWhole(place, "newest", situation);
    List<String> left = Arrays.asList(parent.toFile().list());
    assertThat(left)
        .as(situation)
        .allMatch(name -> name.equals("run") || (step == 1 && name.startsWith(".run.writing-")));
    return end;
  }

  private Left left(String place, String old, String situation) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(place);
    try {
      RunFolder.checkNotCutOff(place, hadoop);
    } catch (IOException | IllegalArgumentException e) {
      assertThat(e).as(situation).hasMessageContainingAll("run ", ".run.writing-");
      assertThatThrownBy(() -> RunFolder.check(place, false, hadoop))
          .as(situation)
          .hasMessageStartingWith(e.getMessage().replaceFirst("\\)$", ""))
          .hasMessageContaining("--overwrite");
      return Left.REFUSED;
    }
    if (!path.getFileSystem(hadoop).exists(path)) {
      assertThat(old).as(situation).isNull();
      return Left.WHOLE;
    }
    String there = Files.readString(Path.of(path.toUri().getPath(), "report.json"));
    assertThat(there).as(situation).isIn("new", old);
    assertWhole(place, there, situation);
    return Left.WHOLE;
  }

  private void assertWhole(String place, String text, String situation) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(place);
    CommittedRun.assertWhole(path.getFileSystem(hadoop), path, text, situation);
  }
}
