package io.flashlloyd.spark.data;

import java.lang.management.ManagementFactory;
import org.apache.spark.SparkConf;

/** How much host memory a process gives to decoded chunks. */
final class StoreBudget {
  private static final long LEAST_BYTES = 128L << 20;

  private StoreBudget() {}

  /** What a JVM needs beyond heap and chunks, for each task. */
  private static final long TASK_BYTES = 200L << 20;

  /**
   * The setting, or else: in one process, half of the memory that the machine has beyond the heap;
   * in an executor, its memory overhead less what its tasks need, since a cluster manager kills an
   * executor that takes more.
   */
  static long hostBytes(SparkConf conf) {
    if (conf.contains(ChunkStore.HOST_BYTES)) {
      return conf.getSizeAsBytes(ChunkStore.HOST_BYTES);
    }
    String master = conf.get("spark.master", "local");
    if (master.equals("local") || master.startsWith("local[")) {
      return Math.max((machineBytes() - Runtime.getRuntime().maxMemory()) / 2, LEAST_BYTES);
    }
    long tasks = conf.getInt("spark.executor.cores", 1);
    return Math.max(overheadBytes(conf) - tasks * TASK_BYTES, LEAST_BYTES);
  }

  /** As Spark computes it: a tenth of the heap, 384 MiB at least. */
  private static long overheadBytes(SparkConf conf) {
    if (conf.contains("spark.executor.memoryOverhead")) {
      return conf.getSizeAsMb("spark.executor.memoryOverhead") << 20;
    }
    return Math.max(conf.getSizeAsBytes("spark.executor.memory", "1g") / 10, 384L << 20);
  }

  private static long machineBytes() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getTotalMemorySize();
  }
}
