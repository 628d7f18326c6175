package io.flashlloyd.spark.run;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.fit.PassResult;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.spark.TaskContext;

/**
 * Assigns a task's rows and writes them, a Parquet file for each split. Files carry the attempt's
 * name, so that only those of the attempts that Spark took as results need be kept.
 */
final class AssignTask implements ScanTask<AssignTask.Found> {
  private static final long serialVersionUID = 1L;

  private final Shared<PassPlan> plan;
  private final EngineSettings settings;
  private final FileSource source;
  private final String folder;
  private final Shared<float[]> limits;
  private final ClusterSlices slices;

  /**
   * @param folder where the files are written, or null
   * @param limits [k] the distance from which on a row of the cluster counts as far, or null
   * @param slices gather what the table of clusters is made of, or null; needs a folder
   */
  AssignTask(
      Shared<PassPlan> plan,
      EngineSettings settings,
      FileSource source,
      String folder,
      Shared<float[]> limits,
      ClusterSlices slices) {
    this.plan = plan;
    this.settings = settings;
    this.source = source;
    this.folder = folder;
    this.limits = limits;
    this.slices = slices;
  }

  /**
   * What was found, as it travels.
   *
   * @param files names of those that hold the rows
   * @param farRows that are beyond their cluster's limit
   */
  record Result(PassResult pass, List<String> files, long farRows) implements Serializable {
    /** Both together. */
    static Result merge(Result a, Result b) {
      a.files.addAll(b.files);
      return new Result(PassResult.merge(a.pass, b.pass), a.files, a.farRows + b.farRows);
    }
  }

  /** What was found, and, in the task only, what was gathered or null. */
  record Found(Result result, ClusterGather gather) {}

  @Override
  public Found run(ChunkScan chunks) throws IOException {
    long start = System.nanoTime();
    LloydEngine engine = ExecutorEngine.get(settings);
    ClusterGather gather = slices == null ? null : ClusterGather.ofTask(slices);
    float[] far = limits == null ? null : limits.value();
    try (Pass pass = engine.begin(plan.value());
        TaskRows rows = new TaskRows(source, folder, far, gather, attemptName());
        OutputVisitor visitor = new OutputVisitor(pass, rows)) {
      chunks.forEach(visitor);
      visitor.finish();
      PassResult found = PassResult.finish(pass, chunks, start, engine);
      return new Found(new Result(found, rows.names(), rows.far()), gather);
    }
  }

  /** What travels of {@link #run} where nothing is gathered. */
  Result result(ChunkScan chunks) throws IOException {
    return run(chunks).result();
  }

  /** Results written under this name do not meet those of another attempt at the task. */
  private static String attemptName() {
    TaskContext context = TaskContext.get();
    return String.format(Locale.ROOT, "%05d-%d", context.partitionId(), context.taskAttemptId());
  }
}
