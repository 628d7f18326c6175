package io.flashlloyd.spark.plan;

import java.util.ArrayList;
import java.util.List;

/** What Spark is to be told, so that executors keep their rows as the plan has it. */
public final class SparkSettings {
  private static final double GIB = 1L << 30;

  /** Of an executor beyond the heap, for each core: the JVM's own, not vectors'. */
  private static final double CORE_BYTES = 200L << 20;

  /** Of the heap: assignment and bound of a row, on the CPU. */
  private static final double ROW_BYTES = 8;

  /** Sums of an executor that are on their way while others are added, and centroids. */
  private static final int COPIES = 4;

  private SparkSettings() {}

  /**
   * As {@code name=value}, for spark-submit's {@code --conf}.
   *
   * @param cores of an executor
   */
  public static List<String> of(Shape shape, Machines machines, int cores) {
    double rows = (double) shape.rows() / machines.executors();
    double vectors = Math.min(rows * shape.rowBytes(), machines.hostBytes());
    double sums = COPIES * (shape.sumBytes() + shape.centroidBytes());
    List<String> settings = new ArrayList<>();
    settings.add("spark.executor.instances=" + machines.executors());
    settings.add("spark.executor.cores=" + cores);
    settings.add("spark.executor.memory=" + gib(GIB + rows * ROW_BYTES + sums));
    settings.add("spark.executor.memoryOverhead=" + gib(vectors + cores * CORE_BYTES));
    settings.add("spark.driver.memory=" + gib(GIB + machines.executors() * sums));
    settings.add("spark.driver.maxResultSize=" + gib(machines.executors() * sums));
    settings.add("spark.dynamicAllocation.enabled=false");
    if (machines.gpus() > 0) {
      settings.add("spark.executor.resource.gpu.amount=" + machines.gpus());
    }
    return settings;
  }

  private static String gib(double bytes) {
    return (long) Math.ceil(bytes / GIB) + "g";
  }
}
