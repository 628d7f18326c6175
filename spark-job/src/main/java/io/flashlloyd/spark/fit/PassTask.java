package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.FeedVisitor;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import java.io.IOException;

/** Feeds a task's chunks to the engine; the result is their partial sums. */
public final class PassTask implements ScanTask<PassResult> {
  private static final long serialVersionUID = 1L;

  private final SharedPlan plan;
  private final EngineSettings settings;

  public PassTask(SharedPlan plan, EngineSettings settings) {
    this.plan = plan;
    this.settings = settings;
  }

  @Override
  public PassResult run(ChunkScan chunks) throws IOException {
    long start = System.nanoTime();
    LloydEngine engine = ExecutorEngine.get(settings);
    try (Pass pass = engine.begin(plan.value())) {
      chunks.forEach(new FeedVisitor(pass));
      return PassResult.finish(pass, chunks, start, engine);
    }
  }
}
