package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs that commit to one place, the one beginning to at each step of the other. */
class TwoRunsTest {
  private final Configuration hadoop = StoreFileSystem.configuration();

  @TempDir private Path folder;

  @AfterEach
  void stepNoMore() {
    FailingFileSystem.beforeEach(() -> {});
  }

  @ParameterizedTest
  @CsvSource({"failing,false", "failing,true", "gs,false", "gs,true"})
  void shouldLetOneWinWhole(String scheme, boolean overwrite) throws Exception {
    int step = 1;
    while (bothWhere(scheme, overwrite, step)) {
      step++;
    }
    assertThat(step).as("steps of a commit").isGreaterThan(10);
  }

  /** One commits, the other before the first's operation {@code step}; false where it has fewer. */
  private boolean bothWhere(String scheme, boolean overwrite, int step) throws Exception {
    String place = scheme + ":" + Files.createDirectories(folder.resolve("at-" + step)) + "/run";
    if (overwrite) {
      CommittedRun.written(place, false, "old", hadoop).run();
    }
    CommittedRun one = CommittedRun.begun(place, overwrite, "one", hadoop);
    CommittedRun other = CommittedRun.begun(place, overwrite, "other", hadoop);
    one.write();
    other.write();
    Thread second = new Thread(other);
    AtomicInteger steps = new AtomicInteger();
    Thread first = Thread.currentThread();
    FailingFileSystem.beforeEach(
        () -> {
          if (Thread.currentThread() == first && steps.incrementAndGet() == step) {
            second.start();
            awaitPause(second);
          }
        });
    one.run();
    boolean begun = steps.get() >= step;
    FailingFileSystem.beforeEach(() -> {});
    if (begun) {
      second.join();
      CommittedRun.assertOneWon(
          List.of(one, other), "%s, overwrite %s, step %d".formatted(scheme, overwrite, step));
    }
    return begun;
  }

  /** Until it has ended, or waits for the other. */
  private static void awaitPause(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
