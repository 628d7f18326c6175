package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RunningSums;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import io.flashlloyd.spark.task.PassResult;
import io.flashlloyd.spark.task.PassTask;
import io.flashlloyd.spark.task.SumSlices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lloyd's algorithm: assign every row to its nearest centroid, move centroids to their rows' means,
 * repeat.
 */
public final class LloydDriver {
  private final VectorRows data;
  private final EngineSettings engine;
  private final Progress progress;
  private final UpdateRule rule;

  public LloydDriver(VectorRows data, EngineSettings engine, Progress progress) {
    this(data, engine, progress, EmptyCluster.KEEP);
  }

  /** The same, with another rule for clusters without rows. */
  public LloydDriver(
      VectorRows data, EngineSettings engine, Progress progress, EmptyCluster empty) {
    this.data = data;
    this.engine = engine;
    this.progress = progress;
    this.rule = new UpdateRule(data.measure(), empty);
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
      PassResult pass = pass("iteration " + iteration, plan, shares);
      clock.passAndReduce(pass.seconds());
      if (iteration == first) {
        progress.message("engine: " + pass.engine());
      }
      PartialSums sums = running.take(pass.sums());
      CentroidUpdate update = CentroidUpdate.of(current, sums, data.scale(), rule, iteration);
      clock.end("update");
      Map<String, Double> seconds = clock.seconds();
      IterationReport report = update.report(iteration, sums, plan, seconds, pass);
      iterations.add(report);
      progress.iteration(report);
      converged = rule.converged(tol, report, update.splits());
      previous = current;
      current = update.centroids();
      listener.reached(new LloydState(current, previous, iterations, converged));
    }
    return new LloydResult(current, iterations, converged);
  }

  /** One pass over all rows; its centroids are broadcast and freed again. */
  public PassResult pass(String stage, PassPlan plan) {
    try (CentroidShares shares = new CentroidShares(data)) {
      return pass(stage, plan, shares);
    }
  }

  private PassResult pass(String stage, PassPlan plan, CentroidShares shares) {
    PassResult pass = reduce(stage, new PassTask(shares.of(plan), engine), plan);
    data.checkRows(pass.sums().rows());
    return pass;
  }

  private PassResult reduce(String stage, PassTask task, PassPlan plan) {
    SumSlices slices = SumSlices.of(plan);
    if (slices.count() == 1) {
      return data.reduce(stage, task, PassResult::merge);
    }
    SlicedPass whole = new SlicedPass(PartialSums.zeros(plan), slices);
    data.reduceSliced(stage, task, slices, whole);
    return whole.result();
  }
}
