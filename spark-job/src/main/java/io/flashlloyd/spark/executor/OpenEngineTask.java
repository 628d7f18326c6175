package io.flashlloyd.spark.executor;

import java.util.Collections;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Opens the engine in executors whose GPUs only tasks that ask for them are told. */
public final class OpenEngineTask {
  private OpenEngineTask() {}

  /**
   * One task for each executor; each takes all of its executor's GPUs, so that they spread.
   *
   * @return what tasks ask for whose passes are to have them; empty where Spark schedules no GPUs,
   *     and then nothing is opened
   */
  public static Optional<ResourceProfile> everywhere(SparkContext spark, EngineSettings engine) {
    Optional<ResourceProfile> resources = GpuResources.profile(spark, engine);
    resources.ifPresent(
        wanted -> {
          int executors = Math.max(1, LivingExecutors.of(spark).size());
          JavaRDD<Integer> tasks =
              new JavaSparkContext(spark).parallelize(Collections.nCopies(executors, 0), executors);
          tasks.withResources(wanted).foreach(task -> ExecutorEngine.get(engine));
        });
    return resources;
  }
}
