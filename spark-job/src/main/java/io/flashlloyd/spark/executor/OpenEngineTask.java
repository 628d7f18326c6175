package io.flashlloyd.spark.executor;

import java.util.Collections;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Opens the engine in executors whose GPUs only tasks that ask for them are told. */
public final class OpenEngineTask {
  private OpenEngineTask() {}

  /** One task for each executor; each takes all of its executor's GPUs, so that they spread. */
  public static void everywhere(
      SparkContext spark, EngineSettings engine, ResourceProfile resources) {
    int executors = Math.max(1, LivingExecutors.of(spark).size());
    JavaRDD<Integer> tasks =
        new JavaSparkContext(spark).parallelize(Collections.nCopies(executors, 0), executors);
    tasks.withResources(resources).foreach(task -> ExecutorEngine.get(engine));
  }
}
