package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.task.AssignTask;
import io.flashlloyd.spark.task.DriftTask;
import io.flashlloyd.spark.task.EngineSettings;
import io.flashlloyd.spark.task.PassResult;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Assigns all rows and writes {@code assignments/}. */
final class RowAssignment {
  static final String FOLDER = "assignments";

  private RowAssignment() {}

  static PassResult write(
      VectorData data, Centroids centroids, EngineSettings engine, RunFolder folder)
      throws IOException {
    Path assignments = folder.path(FOLDER);
    folder.files().mkdirs(assignments);
    try (Shared<PassPlan> plan = data.share(PassPlan.assign(centroids, data.scale()))) {
      FileSource source = (FileSource) data.source();
      AssignTask.Result result =
          data.reduce(
              "assign",
              new AssignTask(plan, engine, source, assignments.toString()),
              AssignTask.Result::merge);
      data.checkRows(result.pass().sums().rows());
      removeOrphans(folder, assignments, new HashSet<>(result.files()));
      return result.pass();
    }
  }

  /**
   * Assigns all rows to old centroids and counts those that are farther than {@code limits}.
   *
   * @param folder where to write {@code assignments/}, or null to write nothing
   */
  static DriftTask.Result compare(
      VectorData data, Centroids centroids, float[] limits, EngineSettings engine, RunFolder folder)
      throws IOException {
    Path assignments = folder == null ? null : folder.path(FOLDER);
    if (folder != null) {
      folder.files().mkdirs(assignments);
    }
    try (Shared<PassPlan> plan = data.share(PassPlan.assign(centroids, data.scale()));
        Shared<float[]> shared = data.share(limits)) {
      FileSource source = (FileSource) data.source();
      String path = folder == null ? null : assignments.toString();
      DriftTask.Result result =
          data.reduce(
              "compare",
              new DriftTask(plan, shared, engine, source, path),
              DriftTask.Result::merge);
      data.checkRows(result.assigned().pass().sums().rows());
      if (folder != null) {
        removeOrphans(folder, assignments, new HashSet<>(result.assigned().files()));
      }
      return result;
    }
  }

  /** Retried and speculative attempts leave files that no result names. */
  private static void removeOrphans(RunFolder folder, Path assignments, Set<String> named)
      throws IOException {
    for (FileStatus file : folder.files().listStatus(assignments)) {
      if (!named.contains(file.getPath().getName())) {
        folder.files().delete(file.getPath(), true);
      }
    }
  }
}
