package io.flashlloyd.spark.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How many rows the tasks of a stage have gone through, from what executors' heartbeats say of an
 * accumulator. For the eye only: retried tasks count again, and no result depends on it.
 */
public final class RowCounter extends SparkListener implements AutoCloseable {
  private final SparkContext spark;
  private final LongAccumulator accumulator;
  private final Map<Long, Long> rowsByTask = new ConcurrentHashMap<>();

  private RowCounter(SparkContext spark, LongAccumulator accumulator) {
    this.spark = spark;
    this.accumulator = accumulator;
  }

  /** Counts from now until it is closed. */
  public static RowCounter of(SparkContext spark, LongAccumulator accumulator) {
    RowCounter counter = new RowCounter(spark, accumulator);
    spark.addSparkListener(counter);
    return counter;
  }

  /** Rows so far: of ended tasks, and of running ones as far as the driver has heard. */
  public long rows() {
    long heard = rowsByTask.values().stream().mapToLong(Long::longValue).sum();
    return Math.max(heard, accumulator.sum());
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (var task : CollectionConverters.asJava(update.accumUpdates())) {
      take((Long) task._1(), CollectionConverters.asJava(task._4()));
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    take(end.taskInfo().taskId(), CollectionConverters.asJava(end.taskInfo().accumulables()));
  }

  private void take(long task, Iterable<AccumulableInfo> updates) {
    for (AccumulableInfo update : updates) {
      if (update.id() == accumulator.id() && update.update().isDefined()) {
        rowsByTask.put(task, ((Number) update.update().get()).longValue());
      }
    }
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
  }
}
