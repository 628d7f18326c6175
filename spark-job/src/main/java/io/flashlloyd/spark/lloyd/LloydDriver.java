package io.flashlloyd.spark.lloyd;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RunningSums;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorRows;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import io.flashlloyd.spark.task.PassResult;
import io.flashlloyd.spark.task.PassTask;
import java.util.ArrayList;
import java.util.List;

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
   * Runs from these centroids until nothing moves farther than {@code tol}, {@code maxIter} times
   * at most.
   */
  public LloydResult run(Centroids initial, int maxIter, double tol) {
    List<IterationReport> iterations = new ArrayList<>();
    RunningSums running = new RunningSums();
    Centroids previous = null;
    Centroids current = initial;
    boolean converged = false;
    for (int iteration = 1; iteration <= maxIter && !converged; iteration++) {
      StageClock clock = new StageClock();
      PassPlan plan = running.plan(current, previous, data.scale());
      PassResult pass = pass("iteration " + iteration, plan);
      clock.passAndReduce(pass.seconds());
      if (iteration == 1) {
        progress.message("engine: " + pass.engine());
      }
      PartialSums sums = running.take(pass.sums());
      CentroidUpdate update = CentroidUpdate.of(current, sums, data.scale(), rule, iteration);
      clock.end("update");
      IterationReport report = update.report(iteration, sums, plan, clock.seconds());
      iterations.add(report);
      progress.iteration(report);
      converged = rule.converged(tol, report, update.splits());
      previous = current;
      current = update.centroids();
    }
    return new LloydResult(current, iterations, converged);
  }

  /** One pass over all rows; the plan is broadcast and freed again. */
  public PassResult pass(String stage, PassPlan plan) {
    try (Shared<PassPlan> shared = data.share(plan)) {
      PassResult pass = data.reduce(stage, new PassTask(shared, engine), PassResult::merge);
      data.checkRows(pass.sums().rows());
      return pass;
    }
  }
}
