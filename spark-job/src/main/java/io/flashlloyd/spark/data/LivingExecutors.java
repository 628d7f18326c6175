package io.flashlloyd.spark.data;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.jdk.javaapi.CollectionConverters;

/** The executors of an application, by the names that the scheduler takes as places of tasks. */
final class LivingExecutors {
  private static final String DRIVER = "driver";

  private LivingExecutors() {}

  /** Of the executor {@code id} on this host. */
  static String location(String host, String id) {
    return "executor_%s_%s".formatted(host, id);
  }

  /** Those alive now, in no order that means anything; in one process, that process. */
  static List<String> of(SparkContext spark) {
    return alive(spark)
        .map(executor -> location(host(executor.hostPort()), executor.id()))
        .toList();
  }

  /** When each of them came, in milliseconds since 1970. */
  static List<Long> arrivals(SparkContext spark) {
    return alive(spark).map(executor -> executor.addTime().toInstant().toEpochMilli()).toList();
  }

  private static Stream<ExecutorSummary> alive(SparkContext spark) {
    return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
        .filter(executor -> spark.isLocal() || !executor.id().equals(DRIVER));
  }

  /** Without the port, which is there as soon as the executor's block manager is. */
  private static String host(String hostPort) {
    int end = hostPort.lastIndexOf(':');
    return end < 0 ? hostPort : hostPort.substring(0, end);
  }
}
