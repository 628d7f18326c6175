package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.run.RowAssignment;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** A pass of new rows over a run's centroids. */
final class Comparison {
  private Comparison() {}

  /**
   * Assigns all rows to old centroids and counts those that are farther than {@code limits}.
   *
   * @param folder where to write {@code assignments/}, or null to write nothing
   */
  static DriftTask.Result run(
      VectorData data, Centroids centroids, float[] limits, EngineSettings engine, RunFolder folder)
      throws IOException {
    Path attempts = folder == null ? null : folder.attempts(RowAssignment.FOLDER);
    try (Shared<PassPlan> plan = data.share(PassPlan.assign(centroids, data.scale()));
        Shared<float[]> shared = data.share(limits)) {
      FileSource source = (FileSource) data.source();
      String path = folder == null ? null : attempts.toString();
      DriftTask.Result result =
          data.reduce(
              "compare",
              new DriftTask(plan, shared, engine, source, path),
              DriftTask.Result::merge);
      data.checkRows(result.assigned().pass().sums().rows());
      if (folder != null) {
        folder.keep(RowAssignment.FOLDER, result.assigned().files());
      }
      return result;
    }
  }
}
