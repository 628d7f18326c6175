package io.flashlloyd.spark.plan;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydState;
import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.store.StoreUsage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What Lloyd iterations over some data cost here: each one's seconds and how many of them are
 * Spark's, where the data lies, and, in one process, the same passes by the engine alone.
 */
public final class MeasureRun {
  private final SparkSession spark;
  private final EngineSettings engine;
  private final Progress progress;
  private final PrintWriter out;

  /**
   * @param engine the choice: auto, cpu, gpu or reference
   */
  public MeasureRun(SparkSession spark, String engine, Progress progress, PrintWriter out) {
    this.spark = spark;
    this.engine = EngineSettings.of(spark.sparkContext(), engine);
    this.progress = progress;
    this.out = out;
  }

  /**
   * Runs {@code config.maxIter()} iterations and prints a line for each.
   *
   * @param partitions tasks in each pass; 0 for the default
   */
  public void print(VectorDataset dataset, KMeansConfig config, int partitions) throws IOException {
    FileSource source = new FileSource(dataset, spark.sparkContext().hadoopConfiguration());
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    long start = System.nanoTime();
    try (VectorData data = VectorData.open(context, source, engine, partitions, progress)) {
      line("%,d x %d %s, K=%d", data.rows(), data.dimension(), dataset.type().label(), config.k());
      line("read       %8.3f s", seconds(start));
      Last last = new Last();
      KMeansFit.once(data, config, engine, progress, last);
      if (last.state == null) {
        throw new IllegalArgumentException(
            "Input has fewer distinct rows than k=%d, which a fit would return as they are"
                    .formatted(config.k())
                + " (expected iterations to measure: more rows, or a smaller --k)");
      }
      printUsage(data.storeUsage());
      if (context.isLocal() && last.state.previous() != null) {
        printBare(data, last.state, config.maxIter());
      }
    }
  }

  /** Prints each iteration and remembers the last. */
  private final class Last implements LloydState.Listener {
    private LloydState state;

    @Override
    public void reached(LloydState reached) {
      state = reached;
      if (!reached.iterations().isEmpty()) {
        IterationReport report = reached.iterations().get(reached.iteration() - 1);
        double total = report.seconds().get("total");
        double pass = report.seconds().get("pass");
        line(
            "iteration %2d %6.3f s: slowest task %.3f, Spark and update %.3f (reduce %.3f)",
            report.iteration(), total, pass, total - pass, report.seconds().get("reduce"));
      }
    }
  }

  private void printUsage(StoreUsage usage) {
    line(
        "store      %.2f GB on GPUs, %.2f GB in memory (%.2f GB pinned), %.2f GB on disk",
        usage.deviceBytes() / 1e9,
        usage.memoryBytes() / 1e9,
        usage.pinnedBytes() / 1e9,
        usage.diskBytes() / 1e9);
  }

  private void printBare(VectorData data, LloydState state, int times) throws IOException {
    LloydEngine alone = ExecutorEngine.get(engine);
    // Without previous centroids: a pass run again would have to find their assignments anew.
    PassPlan plan = PassPlan.lloyd(state.current(), null, data.scale());
    for (int i = 1; i <= times; i++) {
      long start = System.nanoTime();
      PartialSums sums = data.bare(alone, plan);
      line("bare pass %2d %6.3f s (%s)", i, seconds(start), Counts.of(sums.rows(), "row"));
    }
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) * 1e-9;
  }

  private void line(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
