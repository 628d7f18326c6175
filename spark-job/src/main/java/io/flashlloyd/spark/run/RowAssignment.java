package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.PassResult;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Assigns all rows and writes {@code assignments/}. Tasks write into a hidden folder, which then
 * becomes that: an attempt that Spark gave up, and that runs on, does not know it by this name.
 */
public final class RowAssignment {
  public static final String FOLDER = "assignments";

  /** Where attempts write. */
  public static final String ATTEMPTS = ".assignments";

  private RowAssignment() {}

  public static PassResult write(
      VectorData data, Centroids centroids, EngineSettings engine, RunFolder folder)
      throws IOException {
    Path attempts = folder.path(ATTEMPTS);
    folder.files().mkdirs(attempts);
    try (Shared<PassPlan> plan = data.share(PassPlan.assign(centroids, data.scale()))) {
      FileSource source = (FileSource) data.source();
      AssignTask.Result result =
          data.reduce(
              "assign",
              new AssignTask(plan, engine, source, attempts.toString()),
              AssignTask.Result::merge);
      data.checkRows(result.pass().sums().rows());
      keep(result.files(), folder);
      return result.pass();
    }
  }

  /**
   * Makes the attempts' folder {@code assignments/} with the files of these names, all others being
   * of attempts that no result names: of retried tasks, or of speculative ones. Those are removed
   * after the folder has its name, from when on no late attempt can add to it.
   */
  public static void keep(List<String> names, RunFolder folder) throws IOException {
    Path assignments = folder.path(FOLDER);
    if (!folder.files().rename(folder.path(ATTEMPTS), assignments)) {
      throw new IOException(
          "Renaming %s to %s failed".formatted(folder.path(ATTEMPTS), assignments));
    }
    Set<String> kept = new HashSet<>(names);
    for (FileStatus file : folder.files().listStatus(assignments)) {
      if (!kept.remove(file.getPath().getName())) {
        folder.files().delete(file.getPath(), true);
      }
    }
    if (!kept.isEmpty()) {
      throw new IOException(
          "%d of %d assignment files are not in %s, %s for one (expected all that tasks wrote)"
              .formatted(kept.size(), names.size(), assignments, kept.iterator().next()));
    }
  }
}
