package io.flashlloyd.spark.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What a run has told of itself so far; passes everything on to another {@link Progress}. Closing
 * it without {@link #done} says that the run failed. Thread-safe.
 */
public final class LiveRun implements Progress, AutoCloseable {
  /** Where a run stands. */
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /**
   * The stage under way.
   *
   * @param rows it will go through, negative where nobody knows yet
   * @param done rows so far
   */
  public record StageView(String name, long rows, long done) {}

  private final String name;
  private final Progress progress;
  private final long start = System.nanoTime();
  private final List<IterationReport> iterations = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private State state = State.RUNNING;
  private long end;
  private WatchedStage stage;

  LiveRun(String name, Progress progress) {
    this.name = name;
    this.progress = progress;
  }

  public String name() {
    return name;
  }

  public synchronized State state() {
    return state;
  }

  /** Since it began, until now or its end. */
  public synchronized Duration age() {
    return Duration.ofNanos((state == State.RUNNING ? System.nanoTime() : end) - start);
  }

  /** Those that have ended, in order. */
  public synchronized List<IterationReport> iterations() {
    return List.copyOf(iterations);
  }

  synchronized Optional<IterationReport> lastIteration() {
    return iterations.isEmpty()
        ? Optional.empty()
        : Optional.of(iterations.get(iterations.size() - 1));
  }

  public synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  /** Empty between stages. */
  public synchronized Optional<StageView> stage() {
    return Optional.ofNullable(stage).map(WatchedStage::view);
  }

  /** The run did all that it was to do. */
  public synchronized void done() {
    state = State.DONE;
  }

  @Override
  public synchronized void close() {
    state = state == State.RUNNING ? State.FAILED : state;
    end = System.nanoTime();
    stage = null;
  }

  @Override
  public Stage stage(String stageName, long rows) {
    WatchedStage watched = new WatchedStage(stageName, rows, progress.stage(stageName, rows));
    synchronized (this) {
      stage = watched;
    }
    return watched;
  }

  @Override
  public void message(String text) {
    synchronized (this) {
      messages.add(text);
    }
    progress.message(text);
  }

  @Override
  public void iteration(IterationReport report) {
    synchronized (this) {
      iterations.add(report);
    }
    progress.iteration(report);
  }

  private final class WatchedStage implements Stage {
    private final String stageName;
    private final long rows;
    private final Stage told;
    private volatile RowCounter counter;

    WatchedStage(String stageName, long rows, Stage told) {
      this.stageName = stageName;
      this.rows = rows;
      this.told = told;
    }

    StageView view() {
      RowCounter now = counter;
      return new StageView(stageName, rows, now == null ? 0 : now.rows());
    }

    @Override
    public void watch(SparkContext spark, LongAccumulator rowsDone) {
      counter = RowCounter.of(spark, rowsDone);
      told.watch(spark, rowsDone);
    }

    @Override
    public void done() {
      told.done();
    }

    @Override
    public void close() {
      if (counter != null) {
        counter.close();
      }
      synchronized (LiveRun.this) {
        stage = null;
      }
      told.close();
    }
  }
}
