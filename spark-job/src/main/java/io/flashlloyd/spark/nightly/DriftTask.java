package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.fit.PassResult;
import io.flashlloyd.spark.run.AssignTask;
import io.flashlloyd.spark.run.OutputVisitor;
import io.flashlloyd.spark.run.RowSink;
import io.flashlloyd.spark.run.SplitFiles;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * Assigns a task's rows to old centroids and counts those that are farther from them than old rows
 * were; writes the assignments, as {@link AssignTask} does, where it has a folder.
 */
public final class DriftTask implements ScanTask<DriftTask.Result> {
  private static final long serialVersionUID = 1L;

  private final Shared<PassPlan> plan;
  private final Shared<float[]> limits;
  private final EngineSettings settings;
  private final FileSource source;
  private final String folder;

  /**
   * @param limits [k] the distance from which on a row of the cluster counts as far
   * @param folder where the assignments are written, or null
   */
  public DriftTask(
      Shared<PassPlan> plan,
      Shared<float[]> limits,
      EngineSettings settings,
      FileSource source,
      String folder) {
    this.plan = plan;
    this.limits = limits;
    this.settings = settings;
    this.source = source;
    this.folder = folder;
  }

  /** What was found; {@code farRows} are beyond their cluster's limit. */
  public record Result(AssignTask.Result assigned, long farRows) implements Serializable {
    /** Both together. */
    public static Result merge(Result a, Result b) {
      return new Result(AssignTask.Result.merge(a.assigned, b.assigned), a.farRows + b.farRows);
    }
  }

  @Override
  public Result run(ChunkScan chunks) throws IOException {
    long start = System.nanoTime();
    LloydEngine engine = ExecutorEngine.get(settings);
    FarRows far = new FarRows(source.measure(), limits.value());
    try (Pass pass = engine.begin(plan.value())) {
      if (folder == null) {
        chunks.forEach(new OutputVisitor(pass, far));
        PassResult found = PassResult.finish(pass, chunks, start, engine);
        return new Result(new AssignTask.Result(found, new ArrayList<>()), far.count());
      }
      try (SplitFiles files = new SplitFiles(source, folder, AssignTask.attemptName())) {
        chunks.forEach(new OutputVisitor(pass, new Both(far, files)));
        PassResult found = PassResult.finish(pass, chunks, start, engine);
        return new Result(new AssignTask.Result(found, files.names()), far.count());
      }
    }
  }

  /** Counts and writes. */
  private record Both(FarRows far, SplitFiles files) implements RowSink {
    @Override
    public void open(int split) throws IOException {
      files.open(split);
    }

    @Override
    public void write(RowOutputs outputs, int rows) throws IOException {
      far.write(outputs, rows);
      files.write(outputs, rows);
    }

    @Override
    public void commit() throws IOException {
      files.commit();
    }
  }
}
