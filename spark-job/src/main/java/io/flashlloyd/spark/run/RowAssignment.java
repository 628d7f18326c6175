package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.PassResult;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Assigns all rows and writes {@code assignments/}. */
public final class RowAssignment {
  public static final String FOLDER = "assignments";

  private RowAssignment() {}

  public static PassResult write(
      VectorData data, Centroids centroids, EngineSettings engine, RunFolder folder)
      throws IOException {
    Path attempts = folder.attempts(FOLDER);
    try (Shared<PassPlan> plan = data.share(PassPlan.assign(centroids, data.scale()))) {
      FileSource source = (FileSource) data.source();
      AssignTask.Result result =
          data.reduce(
              "assign",
              new AssignTask(plan, engine, source, attempts.toString()),
              AssignTask.Result::merge);
      data.checkRows(result.pass().sums().rows());
      folder.keep(FOLDER, result.files());
      return result.pass();
    }
  }
}
