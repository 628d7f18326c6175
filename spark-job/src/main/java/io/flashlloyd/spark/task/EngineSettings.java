package io.flashlloyd.spark.task;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;

/**
 * Which engine executors run.
 *
 * @param choice {@code auto}, {@code cpu}, {@code gpu} or {@code reference}
 * @param threads of the CPU engine in each executor; 0 for all processors that its JVM sees
 */
public record EngineSettings(String choice, int threads) implements Serializable {
  /** What {@code choice} may be. */
  public static final List<String> CHOICES = List.of("auto", "cpu", "gpu", "reference");

  /** Cores of this process, which may run as many tasks at a time. */
  public int cores() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** As many threads as Spark gives cores to an executor. */
  public static EngineSettings of(SparkContext spark, String choice) {
    if (spark.isLocal()) {
      EngineSettings settings = new EngineSettings(choice, spark.defaultParallelism());
      ExecutorEngine.get(settings); // here, one that this machine lacks is refused before any work
      return settings;
    }
    // YARN and Kubernetes give an executor one core unless told; a standalone worker all it has.
    boolean standalone = spark.master().startsWith("spark:");
    return new EngineSettings(
        choice, spark.conf().getInt("spark.executor.cores", standalone ? 0 : 1));
  }
}
