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
public final class AssignTask implements ScanTask<AssignTask.Result> {
  private static final long serialVersionUID = 1L;

  private final Shared<PassPlan> plan;
  private final EngineSettings settings;
  private final FileSource source;
  private final String folder;

  /**
   * @param folder where the files are written
   */
  public AssignTask(
      Shared<PassPlan> plan, EngineSettings settings, FileSource source, String folder) {
    this.plan = plan;
    this.settings = settings;
    this.source = source;
    this.folder = folder;
  }

  /** What was found, and the names of the files that hold the rows. */
  public record Result(PassResult pass, List<String> files) implements Serializable {
    /** Both together. */
    public static Result merge(Result a, Result b) {
      a.files.addAll(b.files);
      return new Result(PassResult.merge(a.pass, b.pass), a.files);
    }
  }

  @Override
  public Result run(ChunkScan chunks) throws IOException {
    long start = System.nanoTime();
    LloydEngine engine = ExecutorEngine.get(settings);
    try (SplitFiles files = new SplitFiles(source, folder, attemptName());
        Pass pass = engine.begin(plan.value())) {
      chunks.forEach(new OutputVisitor(pass, files));
      return new Result(PassResult.finish(pass, chunks, start, engine), files.names());
    }
  }

  /** Results written under this name do not meet those of another attempt at the task. */
  public static String attemptName() {
    TaskContext context = TaskContext.get();
    return String.format(Locale.ROOT, "%05d-%d", context.partitionId(), context.taskAttemptId());
  }
}
