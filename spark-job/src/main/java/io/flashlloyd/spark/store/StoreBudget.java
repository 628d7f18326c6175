package io.flashlloyd.spark.store;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.apache.spark.SparkConf;

/**
 * How much of each tier a process gives to decoded chunks.
 *
 * @param pinnedBytes host memory that is page-locked where a GPU engine runs
 * @param hostBytes ordinary host memory
 * @param diskBytes of local disks
 */
record StoreBudget(long pinnedBytes, long hostBytes, long diskBytes) {
  /** Spark settings, in bytes or as {@code 6g}. The device's is the engine's to keep. */
  static final String PINNED = "spark.flashlloyd.store.pinned.bytes";

  static final String HOST = "spark.flashlloyd.store.host.bytes";

  static final String DISK = "spark.flashlloyd.store.disk.bytes";

  private static final long LEAST_BYTES = 128L << 20;

  /** What a JVM needs beyond heap and chunks, for each task. */
  private static final long TASK_BYTES = 200L << 20;

  /** Others write to local disks too: Spark's shuffles, other executors of this machine. */
  private static final int DISK_SHARE = 2;

  /**
   * The settings; where they are silent, the memory that {@link #memoryBytes} finds, half of it
   * pinned, and half of what is free on the disk.
   *
   * @param disk a folder of the disk that spilled chunks would go to
   */
  static StoreBudget of(SparkConf conf, Path disk) {
    long half = memoryBytes(conf) / 2;
    return new StoreBudget(
        bytes(conf, PINNED, conf.contains(HOST) ? 0 : half),
        bytes(conf, HOST, half),
        bytes(conf, DISK, disk.toFile().getUsableSpace() / DISK_SHARE));
  }

  private static long bytes(SparkConf conf, String setting, long otherwise) {
    try {
      return conf.getSizeAsBytes(setting, Long.toString(otherwise));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is %s (expected bytes, such as 6g)".formatted(setting, conf.get(setting)), e);
    }
  }

  /**
   * In one process, half of the memory that the machine has beyond the heap; in an executor, its
   * memory overhead less what its tasks need, since a cluster manager kills an executor that takes
   * more.
   */
  private static long memoryBytes(SparkConf conf) {
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

  /** Bytes of chunks that may stay in host memory. */
  long memory() {
    return pinnedBytes + hostBytes;
  }
}
