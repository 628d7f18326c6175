package io.flashlloyd.spark.executor;

import io.flashlloyd.engine.Engines;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Which engine executors run.
 *
 * @param choice {@code auto}, {@code cpu}, {@code gpu} or {@code reference}
 * @param threads of the CPU engine in each executor; 0 for all processors that its JVM sees
 * @param deviceBytes memory of each GPU for chunks that stay there; negative for most of what is
 *     free
 */
public record EngineSettings(String choice, int threads, long deviceBytes) implements Serializable {
  /** What {@code choice} may be. */
  public static final List<String> CHOICES = List.of("auto", "cpu", "gpu", "reference");

  /** Spark setting of {@code deviceBytes}. */
  public static final String DEVICE = "spark.flashlloyd.store.device.bytes";

  /** Most of the GPUs' memory. */
  public EngineSettings(String choice, int threads) {
    this(choice, threads, -1);
  }

  /**
   * The same for work at the driver, which on a cluster may have no GPU whatever executors have: an
   * engine is as good as another there, for the same bits.
   */
  public EngineSettings atDriver() {
    boolean lacksGpu = choice.equals("gpu") && Engines.gpuObstacle().isPresent();
    return lacksGpu ? new EngineSettings("cpu", threads, deviceBytes) : this;
  }

  /** Cores of this process, which may run as many tasks at a time. */
  public int cores() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** As many threads as Spark gives cores to an executor. */
  public static EngineSettings of(SparkContext spark, String choice) {
    SparkConf conf = spark.getConf();
    long deviceBytes = conf.contains(DEVICE) ? conf.getSizeAsBytes(DEVICE) : -1;
    if (spark.isLocal()) {
      GpuResources.checkLocal(conf);
      EngineSettings settings = new EngineSettings(choice, spark.defaultParallelism(), deviceBytes);
      ExecutorEngine.get(settings); // here, one that this machine lacks is refused before any work
      return settings;
    }
    // YARN and Kubernetes give an executor one core unless told; a standalone worker all it has.
    boolean standalone = spark.master().startsWith("spark:");
    return new EngineSettings(
        choice, conf.getInt("spark.executor.cores", standalone ? 0 : 1), deviceBytes);
  }
}
