package io.flashlloyd.spark.executor;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.jdk.javaapi.CollectionConverters;

/** The executors of an application, by the names that the scheduler takes as places of tasks. */
public final class LivingExecutors {
  private static final String DRIVER = "driver";

  private LivingExecutors() {}

  /** Of the executor {@code id} on this host. */
  public static String location(String host, String id) {
    return "executor_%s_%s".formatted(host, id);
  }

  /** Those alive now, in no order that means anything; in one process, that process. */
  public static List<String> of(SparkContext spark) {
    return alive(spark)
        .map(executor -> location(host(executor.hostPort()), executor.id()))
        .toList();
  }

  /** How long ago each of them came, in milliseconds. */
  static List<Long> ages(SparkContext spark) {
    long now = System.currentTimeMillis();
    return alive(spark)
        .map(executor -> now - executor.addTime().toInstant().toEpochMilli())
        .toList();
  }

  private static Stream<ExecutorSummary> alive(SparkContext spark) {
    return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
        .filter(executor -> spark.isLocal() || !executor.id().equals(DRIVER));
  }

  /** Without the port, which is there as soon as the executor's block manager is. */
  static String host(String hostPort) {
    int end = hostPort.lastIndexOf(':');
    boolean ofAddress = end < hostPort.lastIndexOf(']'); // [::1]
    return end < 0 || ofAddress ? hostPort : hostPort.substring(0, end);
  }
}
