package io.flashlloyd.spark.data;

import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.LongAccumulator;

/**
 * A data set spread over the executors. Opening it is pass 0: every row is read, validated, counted
 * in the statistics and kept where memory allows; after that each scan goes to the executors that
 * hold the rows. Driver side; used by one thread.
 */
public final class VectorData implements VectorRows, AutoCloseable {
  private final JavaSparkContext spark;
  private final VectorSource source;
  private final Progress progress;
  private final String name = UUID.randomUUID().toString();
  private List<UnitGroup> groups;
  private RowStatistics statistics;
  private SumScale scale;

  private VectorData(JavaSparkContext spark, VectorSource source, int tasks, Progress progress) {
    this.spark = spark;
    this.source = source;
    this.progress = progress;
    this.groups = UnitGroup.split(source.units(), tasks);
  }

  /**
   * Reads everything once.
   *
   * @param partitions number of tasks in every scan; 0 lets the driver choose: as many as there are
   *     cores to read, then one for each executor, whose engine takes all of its cores
   * @throws IllegalArgumentException where there are no rows or their lengths differ
   */
  public static VectorData open(
      JavaSparkContext spark, VectorSource source, int partitions, Progress progress) {
    int readers = partitions > 0 ? partitions : Math.max(2, spark.defaultParallelism());
    VectorData data = new VectorData(spark, source, readers, progress);
    try {
      data.read();
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
    if (partitions == 0) {
      data.groups = UnitGroup.byExecutor(data.groups);
    }
    return data;
  }

  private void read() {
    List<StatisticsTask.Result> read = new ArrayList<>();
    try (Progress.Stage line = progress.stage("read", -1)) {
      rdd(source, new StatisticsTask(), line)
          .collect()
          .forEach(bytes -> read.add(JavaBytes.read(bytes)));
      line.done();
    }
    statistics = StatisticsTask.merge(read);
    scale = SumScale.of(statistics).withCostShift(source.weightExponent() + measure().costShift());
    for (int g = 0; g < groups.size(); g++) {
      groups.set(g, new UnitGroup(groups.get(g).units(), read.get(g).executor()));
    }
  }

  /** What pass 0 found. */
  public RowStatistics statistics() {
    return statistics;
  }

  @Override
  public SumScale scale() {
    return scale;
  }

  @Override
  public long rows() {
    return statistics.rows();
  }

  @Override
  public int dimension() {
    return statistics.dimension();
  }

  @Override
  public DistanceMeasure measure() {
    return source.measure();
  }

  public JavaSparkContext spark() {
    return spark;
  }

  public VectorSource source() {
    return source;
  }

  @Override
  public <R> R reduce(String stage, ScanTask<R> task, Function2<R, R, R> merge) {
    try (Progress.Stage line = progress.stage(stage, rows())) {
      JavaRDD<byte[]> results = rdd(source, task, line);
      byte[] result =
          results.getNumPartitions() == 1
              ? results.collect().get(0)
              : results.treeReduce(
                  (a, b) -> JavaBytes.of(merge.call(JavaBytes.<R>read(a), JavaBytes.<R>read(b))),
                  2);
      line.done();
      return JavaBytes.read(result);
    }
  }

  @Override
  public <T> Shared<T> share(T value) {
    return Shared.broadcast(spark, value);
  }

  private JavaRDD<byte[]> rdd(VectorSource from, ScanTask<?> task, Progress.Stage line) {
    LongAccumulator rows = spark.sc().longAccumulator();
    line.watch(spark.sc(), rows);
    return new ScanRdd(spark.sc(), name, from, groups, task, rows).toJavaRDD();
  }

  /** Frees the chunks in all executors that answer; in the others they go when memory is needed. */
  @Override
  public void close() {
    if (!spark.sc().isStopped()) {
      rdd(new NoRows(source.units()), new DropTask(name), Progress.Stage.silent()).count();
    }
  }
}
