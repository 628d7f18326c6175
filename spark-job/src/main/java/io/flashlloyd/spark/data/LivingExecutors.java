package io.flashlloyd.spark.data;

import java.util.ArrayList;
import java.util.List;
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
    List<String> locations = new ArrayList<>();
    for (ExecutorSummary executor :
        CollectionConverters.asJava(spark.statusStore().executorList(true))) {
      if (spark.isLocal() || !executor.id().equals(DRIVER)) {
        String hostPort = executor.hostPort();
        String host = hostPort.substring(0, hostPort.lastIndexOf(':'));
        locations.add(location(host, executor.id()));
      }
    }
    return locations;
  }
}
