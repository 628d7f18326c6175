package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RunningSums;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lloyd's algorithm: assign every row to its nearest centroid, move centroids to their rows' means,
 * repeat.
 */
public final class LloydDriver {
  /** Bytes of sums that a task sends to the driver; more become means in the executors. */
  public static final long MOST_WHOLE_SUMS = 64L << 20;

  private final VectorRows data;
  private final EngineSettings engine;
  private final Progress progress;
  private final UpdateRule rule;
  private final long sliceBytes;

  public LloydDriver(VectorRows data, EngineSettings engine, Progress progress) {
    this(data, engine, progress, EmptyCluster.KEEP);
  }

  /** The same, with another rule for clusters without rows. */
  public LloydDriver(
      VectorRows data, EngineSettings engine, Progress progress, EmptyCluster empty) {
    this(data, engine, progress, empty, MOST_WHOLE_SUMS);
  }

  /**
   * @param sliceBytes sums beyond that travel in slices of about as many
   */
  LloydDriver(
      VectorRows data,
      EngineSettings engine,
      Progress progress,
      EmptyCluster empty,
      long sliceBytes) {
    this.data = data;
    this.engine = engine;
    this.progress = progress;
    this.rule = new UpdateRule(data.measure(), empty);
    this.sliceBytes = sliceBytes;
  }

  /**
   * Runs from this state until nothing moves farther than {@code tol}, or {@code maxIter}
   * iterations are done.
   */
  public LloydResult run(LloydState start, int maxIter, double tol, LloydState.Listener listener) {
    try (CentroidShares shares = new CentroidShares(data)) {
      return run(start, maxIter, tol, listener, shares);
    }
  }

  private LloydResult run(
      LloydState start,
      int maxIter,
      double tol,
      LloydState.Listener listener,
      CentroidShares shares) {
    List<IterationReport> iterations = new ArrayList<>(start.iterations());
    RunningSums running = new RunningSums();
    Centroids previous = start.previous();
    Centroids current = start.current();
    boolean converged = start.converged();
    int first = start.iteration() + 1;
    for (int iteration = first; iteration <= maxIter && !converged; iteration++) {
      StageClock clock = new StageClock();
      PassPlan plan = running.plan(current, previous, data.scale());
      Found found = found("iteration " + iteration, plan, running, shares, clock);
      PassResult pass = found.pass();
      if (iteration == first) {
        progress.message("engine: " + pass.engine());
      }
      CentroidUpdate update =
          CentroidUpdate.of(current, found.means(), pass.sums(), rule, iteration);
      clock.end("update");
      Map<String, Double> seconds = clock.seconds();
      IterationReport report = update.report(iteration, plan, seconds, pass);
      iterations.add(report);
      progress.iteration(report);
      converged = rule.converged(tol, report, update.splits());
      previous = current;
      current = update.centroids();
      listener.reached(new LloydState(current, previous, iterations, converged));
    }
    return new LloydResult(current, iterations, converged);
  }

  /** A pass, and what became of its sums. */
  private record Found(PassResult pass, ClusterMeans means) {}

  /** One iteration's pass; many sums become means where they meet, few at the driver. */
  private Found found(
      String stage, PassPlan plan, RunningSums running, CentroidShares shares, StageClock clock) {
    SharedPlan shared = shares.of(plan);
    PassTask task = new PassTask(shared, engine);
    if (SumSlices.bytes(plan) > sliceBytes) {
      SumSlices slices = SumSlices.of(plan, shared.centroids(), data.measure(), sliceBytes);
      SlicedPass whole = new SlicedPass(slices, data.dimension());
      data.reduceSliced(stage, task, slices, whole);
      PassResult pass = whole.pass();
      data.checkRows(pass.sums().rows());
      clock.passAndReduce(pass.seconds());
      return new Found(pass, whole.means());
    }
    PassResult pass = pass(stage, task);
    clock.passAndReduce(pass.seconds());
    PartialSums sums = running.take(pass.sums());
    return new Found(
        pass, ClusterMeans.of(plan.centroids(), 0, sums, data.scale(), data.measure()));
  }

  /** One pass over all rows; its centroids are broadcast and freed again. */
  public PassResult pass(String stage, PassPlan plan) {
    try (CentroidShares shares = new CentroidShares(data)) {
      return pass(stage, new PassTask(shares.of(plan), engine));
    }
  }

  private PassResult pass(String stage, PassTask task) {
    PassResult pass = data.reduce(stage, task, PassResult::merge);
    data.checkRows(pass.sums().rows());
    return pass;
  }
}
