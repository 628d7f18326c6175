package io.flashlloyd.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.LiveRuns;
import io.flashlloyd.spark.report.ui.KMeansTab;
import io.flashlloyd.spark.store.ChunkStore;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * A tab "k-means" in Spark's UI, which shows runs while they run, and their numbers in Spark's
 * metrics system: {@code --conf spark.plugins=io.flashlloyd.spark.FlashLloydPlugin}.
 *
 * <p>Gauges of the driver, of the run that began last: {@code iteration}, {@code trainingCost},
 * {@code movedRows}, {@code centroidShift} (NaN before the first iteration). Gauges of each
 * executor: {@code rowsAssigned} since it started, retried tasks' rows included, and {@code
 * storeMemoryBytes} and {@code storeDiskBytes} of decoded vectors kept.
 */
public final class FlashLloydPlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Driver implements DriverPlugin {
    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      if (spark.ui().isDefined()) {
        KMeansTab.attach(spark.ui().get());
      }
      return Map.of();
    }

    @Override
    public void registerMetrics(String application, PluginContext context) {
      MetricRegistry metrics = context.metricRegistry();
      gauge(metrics, "iteration", IterationReport::iteration, 0);
      gauge(metrics, "trainingCost", IterationReport::trainingCost, Double.NaN);
      gauge(metrics, "movedRows", IterationReport::movedRows, Double.NaN);
      gauge(metrics, "centroidShift", IterationReport::centroidShift, Double.NaN);
    }

    private static void gauge(
        MetricRegistry metrics,
        String name,
        ToDoubleFunction<IterationReport> value,
        double before) {
      Gauge<Double> gauge = () -> LiveRuns.lastIteration().map(value::applyAsDouble).orElse(before);
      metrics.register(name, gauge);
    }
  }

  private static final class Executor implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> configuration) {
      Gauge<Long> rows = ExecutorEngine::rowsAssigned;
      Gauge<Long> memory = () -> ChunkStore.used().memoryBytes();
      Gauge<Long> disk = () -> ChunkStore.used().diskBytes();
      context.metricRegistry().register("rowsAssigned", rows);
      context.metricRegistry().register("storeMemoryBytes", memory);
      context.metricRegistry().register("storeDiskBytes", disk);
    }
  }
}
