package io.flashlloyd.spark.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The runs of this driver that began last, for its UI and its metrics. Thread-safe. */
public final class LiveRuns {
  private static final int MOST = 20;
  private static final Deque<LiveRun> RUNS = new ArrayDeque<>();

  private LiveRuns() {}

  /**
   * A run begins.
   *
   * @param name what is done, and to where
   * @param progress is told of everything, as without us
   */
  public static LiveRun begin(String name, Progress progress) {
    LiveRun run = new LiveRun(name, progress);
    synchronized (RUNS) {
      RUNS.addFirst(run);
      if (RUNS.size() > MOST) {
        RUNS.removeLast();
      }
    }
    return run;
  }

  /** The last first. */
  public static List<LiveRun> all() {
    synchronized (RUNS) {
      return List.copyOf(RUNS);
    }
  }

  /** The last iteration of the run that began last, if it has ended one. */
  public static Optional<IterationReport> lastIteration() {
    return all().stream().findFirst().flatMap(LiveRun::lastIteration);
  }
}
