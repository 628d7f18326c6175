package io.flashlloyd.spark.data;

import java.lang.management.ManagementFactory;
import org.apache.spark.SparkConf;

/** How much host memory a process gives to decoded chunks. */
final class StoreBudget {
  private StoreBudget() {}

  /**
   * The setting, or else half of the memory that the machine has beyond this process's heap. In a
   * container with its own limit set it: the machine's memory is not the container's.
   */
  static long hostBytes(SparkConf conf) {
    if (conf.contains(ChunkStore.HOST_BYTES)) {
      return conf.getSizeAsBytes(ChunkStore.HOST_BYTES);
    }
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long beyondHeap = system.getTotalMemorySize() - Runtime.getRuntime().maxMemory();
    return Math.max(beyondHeap / 2, 256L << 20);
  }
}
