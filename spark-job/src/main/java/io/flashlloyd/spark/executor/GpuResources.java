package io.flashlloyd.spark.executor;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/** GPUs as Spark schedules them. */
public final class GpuResources {
  private static final String EXECUTOR = "spark.executor.resource.gpu.amount";
  private static final String TASK = "spark.task.resource.gpu.amount";

  private GpuResources() {}

  /**
   * Refuses settings with which Spark 4.1 waits forever in one process.
   *
   * @throws IllegalArgumentException where tasks ask for GPUs that a local master never has
   */
  public static void checkLocal(SparkConf conf) {
    String master = conf.get("spark.master", "local");
    if (master.startsWith("local") && !master.startsWith("local-cluster") && conf.contains(TASK)) {
      throw new IllegalArgumentException(
          "%s is %s with master %s, where Spark starts no task that asks for a GPU (expected none:"
                  .formatted(TASK, conf.get(TASK), master)
              + " one process uses the GPUs that it sees; CUDA_VISIBLE_DEVICES says which)");
    }
  }

  /**
   * What tasks of an iteration ask for: all GPUs of their executor, so that one task feeds them all
   * and sums are combined before they leave it, while other stages keep all cores busy. Empty where
   * executors have no GPU resource, or where tasks are told what to ask for.
   */
  static Optional<ResourceProfile> profile(SparkContext spark, EngineSettings engine) {
    SparkConf conf = spark.getConf();
    boolean wanted = engine.choice().equals("auto") || engine.choice().equals("gpu");
    int amount = conf.getInt(EXECUTOR, 0);
    if (!wanted || spark.isLocal() || amount == 0 || conf.contains(TASK)) {
      return Optional.empty();
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new IllegalArgumentException(
          "spark.dynamicAllocation.enabled is true with %s (expected false: chunks stay in their"
                  .formatted(EXECUTOR)
              + " executors; or set %s to %d)".formatted(TASK, amount));
    }
    TaskResourceRequests tasks = new TaskResourceRequests().resource(ExecutorEngine.GPU, amount);
    return Optional.of(new ResourceProfileBuilder().require(tasks).build());
  }
}
