package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.PassResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Assigns all rows and writes {@code assignments/}. */
public final class RowAssignment {
  public static final String FOLDER = "assignments";

  private RowAssignment() {}

  /** Writes the folder, and gathers nothing of clusters but their sums. */
  public static PassResult write(
      VectorData data, Centroids centroids, EngineSettings engine, RunFolder folder)
      throws IOException {
    try (Shared<PassPlan> plan = plan(data, centroids)) {
      AssignTask.Result result =
          reduce("assign", data, task(data, plan, engine, folder, null, null));
      folder.keep(FOLDER, result.files());
      return result.pass();
    }
  }

  /**
   * Writes the same files for the run's own use, to a folder that is no part of its output.
   *
   * @return where they are
   */
  public static List<String> write(
      VectorData data, Centroids centroids, EngineSettings engine, Path aside) {
    try (Shared<PassPlan> plan = plan(data, centroids)) {
      FileSource source = (FileSource) data.source();
      AssignTask task = new AssignTask(plan, engine, source, aside.toString(), null, null);
      return reduce("assign", data, task).files().stream()
          .map(name -> new Path(aside, name).toString())
          .toList();
    }
  }

  /** Writes the folder, and gathers on the way what the table of clusters needs. */
  public static Assigned gather(
      VectorData data, Centroids centroids, EngineSettings engine, RunFolder folder)
      throws IOException {
    return gather("assign", data, centroids, engine, folder, null);
  }

  /** The same, and counts rows that are beyond their clusters' limits. */
  public static Assigned compare(
      VectorData data, Centroids centroids, EngineSettings engine, RunFolder folder, float[] limits)
      throws IOException {
    try (Shared<float[]> shared = data.share(limits)) {
      return gather("compare", data, centroids, engine, folder, shared);
    }
  }

  /** Counts those rows, and writes nothing. */
  public static Assigned compare(
      VectorData data, Centroids centroids, EngineSettings engine, float[] limits) {
    try (Shared<PassPlan> plan = plan(data, centroids);
        Shared<float[]> shared = data.share(limits)) {
      FileSource source = (FileSource) data.source();
      AssignTask task = new AssignTask(plan, engine, source, null, shared, null);
      return new Assigned(reduce("compare", data, task), null, null);
    }
  }

  private static Assigned gather(
      String stage,
      VectorData data,
      Centroids centroids,
      EngineSettings engine,
      RunFolder folder,
      Shared<float[]> limits)
      throws IOException {
    int k = centroids.k();
    ClusterSlices slices = ClusterSlices.of(k, data.rows());
    ClusterDistances distances = ClusterDistances.none(0, k);
    NearestRows nearest = new NearestRows(0, k);
    AssignTask.Result[] result = new AssignTask.Result[1];
    try (Shared<PassPlan> plan = plan(data, centroids)) {
      AssignTask task = task(data, plan, engine, folder, limits, slices);
      data.together(
          stage,
          () -> {
            data.reduceSliced(
                stage,
                task,
                slices,
                (index, slice) -> {
                  result[0] = index == 0 ? slice.result() : result[0];
                  distances.put(slice.distances());
                  nearest.merge(slice.nearest());
                });
            return null;
          });
    }
    data.checkRows(result[0].pass().sums().rows());
    folder.keep(FOLDER, result[0].files());
    return new Assigned(result[0], distances, nearest);
  }

  private static Shared<PassPlan> plan(VectorData data, Centroids centroids) {
    return data.share(PassPlan.assign(centroids, data.scale()));
  }

  private static AssignTask task(
      VectorData data,
      Shared<PassPlan> plan,
      EngineSettings engine,
      RunFolder folder,
      Shared<float[]> limits,
      ClusterSlices slices)
      throws IOException {
    Path attempts = folder.attempts(FOLDER);
    FileSource source = (FileSource) data.source();
    return new AssignTask(plan, engine, source, attempts.toString(), limits, slices);
  }

  private static AssignTask.Result reduce(String stage, VectorData data, AssignTask task) {
    AssignTask.Result result = data.reduce(stage, task::result, AssignTask.Result::merge);
    data.checkRows(result.pass().sums().rows());
    return result;
  }

  /** The assignment files that a run has written so far, by name. */
  public static List<String> files(RunFolder folder) throws IOException {
    return Arrays.stream(folder.files().listStatus(folder.path(FOLDER)))
        .map(file -> file.getPath())
        .filter(path -> path.getName().endsWith(".parquet") && !path.getName().startsWith("."))
        .map(Path::toString)
        .sorted()
        .toList();
  }
}
