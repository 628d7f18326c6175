package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that ends at any step of its commit: the old output is read whole or the new one, and
 * the next run leaves nothing else. Processes are really killed in {@link KilledProcessIT}.
 */
class KilledCommitTest {
  private final Configuration hadoop = StoreFileSystem.configuration();

  @TempDir private java.nio.file.Path folder;

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
  void shouldLeaveTheOldOutputOrTheNewOne(String scheme, boolean overwrite) throws IOException {
    int step = 1;
    int old = 0;
    while (diesAt(scheme, overwrite, step)) {
      String left = leftAt(scheme, step);
      if (!"new".equals(left)) {
        assertThat(left).as("what is there at step %d", step).isEqualTo(overwrite ? "old" : null);
        old = step;
      }
      step++;
    }
    assertThat(old).as("the last step that leaves the old output").isGreaterThan(3);
    assertThat(step).as("steps of a commit").isGreaterThan(old + 10);
  }

  private Path place(String scheme, int step) throws IOException {
    return new Path(scheme + ":" + Files.createDirectories(folder.resolve("at-" + step)) + "/run");
  }

  /** Whether there is such a step. */
  private boolean diesAt(String scheme, boolean overwrite, int step) throws IOException {
    String place = place(scheme, step).toString();
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
      return false;
    } catch (Killed e) {
      return true;
    } finally {
      FailingFileSystem.beforeEach(() -> {});
    }
  }

  /** What our readers see, after which another run is committed. */
  private String leftAt(String scheme, int step) throws IOException {
    Path place = place(scheme, step);
    String situation = "%s, step %d".formatted(place, step);
    String left = CommittedRun.committed(place, hadoop, situation);

    // All runs of a test are of one process: what they leave is somebody's who lives.
    java.nio.file.Path local = java.nio.file.Path.of(place.toUri().getPath());
    try (var hidden = Files.walk(local)) {
      for (java.nio.file.Path file :
          hidden.filter(p -> p.toString().matches(".*(/\\.owner|\\.claim)")).toList()) {
        Files.writeString(file, "elsewhere 1 2026-12-01T00:00:00Z");
      }
    }
    CommittedRun next = CommittedRun.written(place.toString(), true, "newest", hadoop);
    next.run();

    assertThat(next.failure()).as(situation).isNull();
    assertThat(CommittedRun.committed(place, hadoop, situation)).isEqualTo("newest");
    CommittedRun.assertPublic(place, "newest", hadoop, situation);
    assertThat(CommittedRun.list(place.getFileSystem(hadoop), place)).as(situation).hasSize(6);
    return left;
  }
}
