package io.flashlloyd.spark.data;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorWait;
import io.flashlloyd.spark.executor.LivingExecutors;
import io.flashlloyd.spark.executor.OpenEngineTask;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.store.ChunkStore;
import io.flashlloyd.spark.store.ChunkStore.SplitKey;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.SplitContent;
import io.flashlloyd.spark.store.StoreUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * A data set spread over the executors. Opening it is pass 0: every row is read, validated, counted
 * in the statistics and kept where memory allows; after that each scan goes to the executors that
 * hold the rows. Driver side; used by one thread.
 */
public final class VectorData implements VectorRows, AutoCloseable {
  /** Results that the driver merges itself; more meet in the executors first. */
  private static final int HANDFUL = 4;

  private final JavaSparkContext spark;
  private final VectorSource source;
  private final boolean fixedTasks;
  private final Progress progress;
  private final String name = UUID.randomUUID().toString();
  private final Map<Integer, SplitContent> contents = new HashMap<>();
  private List<TaskSplits> groups;
  private Optional<ResourceProfile> iterationResources = Optional.empty();
  private RowStatistics statistics;
  private SumScale scale;
  private StageSeconds readStages;

  /** The chunks of the task that all passes belong to at the moment, or null. */
  private volatile TaskChunks here;

  private VectorData(
      JavaSparkContext spark, VectorSource source, int partitions, Progress progress) {
    this.spark = spark;
    this.source = source;
    this.fixedTasks = partitions > 0;
    this.progress = progress;
    ExecutorWait.await(spark.sc()).ifPresent(progress::message);
    int readers = fixedTasks ? partitions : Math.max(2, spark.defaultParallelism());
    this.groups = TaskSplits.deal(source.splits(), readers);
  }

  /**
   * Reads everything once, for passes of an engine, which is opened first: where it runs on GPUs,
   * chunks are decoded into memory that they read, and its passes are given to tasks that have
   * GPUs.
   *
   * @param partitions number of tasks in every scan; 0 lets the driver choose: as many as there are
   *     cores to read, then one for each executor, whose engine takes all of its cores
   * @throws IllegalArgumentException where there are no rows or their lengths differ
   */
  public static VectorData open(
      JavaSparkContext spark,
      VectorSource source,
      EngineSettings engine,
      int partitions,
      Progress progress) {
    VectorData data = new VectorData(spark, source, partitions, progress);
    data.iterationResources = OpenEngineTask.everywhere(spark.sc(), engine);
    data.readOrClose(engine);
    return data;
  }

  private void readOrClose(EngineSettings engine) {
    boolean read = false;
    try {
      read(engine);
      read = true;
    } finally {
      if (!read) { // whatever was thrown: Spark's exceptions are checked, and not declared
        close();
      }
    }
    if (!fixedTasks) {
      groups = TaskSplits.byExecutor(groups);
    }
  }

  private void read(EngineSettings engine) {
    List<StatisticsTask.Result> read = new ArrayList<>();
    try (Progress.Stage line = progress.stage("read", -1)) {
      tasks(source, whole(new StatisticsTask(engine)), line)
          .collect()
          .forEach(bytes -> read.add(JavaBytes.read(bytes)));
      line.done();
    }
    statistics = StatisticsTask.merge(read).orElseThrow(source::noRows);
    statistics
        .farthest()
        .ifPresent(
            far ->
                progress.message(
                    "Warning: %s: the value is %s in magnitude (others of the column are below %s)"
                            .formatted(
                                source.place(far.row(), far.column()),
                                far.magnitude(),
                                (float) far.others())
                        + "; leave out the row if that is no value: it is a cluster by itself, or"
                        + " moves the one that it is in"));
    read.forEach(result -> contents.putAll(result.contents()));
    scale = SumScale.of(statistics).withCostShift(source.weightExponent() + measure().costShift());
    readStages =
        read.stream()
            .map(StatisticsTask.Result::stages)
            .reduce(StageSeconds.NONE, StageSeconds::plus);
    for (int g = 0; g < groups.size(); g++) {
      groups.set(g, new TaskSplits(groups.get(g).splits(), read.get(g).executor()));
    }
  }

  /** What executors know the data set by. */
  String name() {
    return name;
  }

  /** What pass 0 found. */
  public RowStatistics statistics() {
    return statistics;
  }

  /** What pass 0 took, by stage. */
  public StageSeconds readStages() {
    return readStages;
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
  public boolean weighted() {
    return source.weighted();
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
  public <R> R together(String stage, Supplier<R> work) {
    if (fixedTasks || !spark.sc().isLocal() || here != null) {
      return work.get();
    }
    List<Integer> all = IntStream.range(0, source.splits()).boxed().toList();
    List<TaskSplits> one = List.of(new TaskSplits(all, null));
    try (CallTask.Call<R> call = new CallTask.Call<>(chunks -> within(chunks, work))) {
      LongAccumulator rows = spark.sc().longAccumulator();
      RDD<byte[]> task =
          new ScanRdd<>(spark.sc(), name, source, one, contents, call.task(), rows).setName(stage);
      task.toJavaRDD().count();
      return call.ran() ? call.result() : work.get();
    }
  }

  private <R> R within(TaskChunks chunks, Supplier<R> work) {
    here = chunks;
    try {
      return work.get();
    } finally {
      here = null;
    }
  }

  /** A pass of the task that runs. */
  private <R> R call(String stage, ScanTask<R> task) {
    LocalRows.stopIfKilled();
    try (Progress.Stage line = progress.stage(stage, rows())) {
      LongAccumulator rows = spark.sc().longAccumulator();
      line.watch(spark.sc(), rows);
      R result = task.run(here.again(rows));
      line.done();
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public <R> R reduce(String stage, ScanTask<R> task, Function2<R, R, R> merge) {
    if (here != null) {
      return call(stage, task);
    }
    try (Progress.Stage line = progress.stage(stage, rows())) {
      JavaRDD<byte[]> results = tasks(source, whole(task), line);
      R result =
          results.getNumPartitions() <= HANDFUL
              ? mergeHere(results.collect(), merge)
              : JavaBytes.read(
                  results.treeReduce(
                      (a, b) ->
                          JavaBytes.of(merge.call(JavaBytes.<R>read(a), JavaBytes.<R>read(b))),
                      2));
      line.done();
      return result;
    }
  }

  private static <R> R mergeHere(List<byte[]> results, Function2<R, R, R> merge) {
    R all = JavaBytes.read(results.get(0));
    for (byte[] next : results.subList(1, results.size())) {
      try {
        all = merge.call(all, JavaBytes.<R>read(next));
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("Results cannot be merged: " + e.getMessage(), e);
      }
    }
    return all;
  }

  /** Every slice is joined over all tasks in the executors; few are here at a time. */
  @Override
  public <R, P, S> void reduceSliced(
      String stage, ScanTask<R> task, Slicing<R, P, S> slicing, SliceTaker<S> taker) {
    if (here != null) {
      slicing.give(call(stage, task), taker);
      return;
    }
    try (Progress.Stage line = progress.stage(stage, rows())) {
      SliceReduce.run(tasks(source, cut(task, slicing), line).rdd(), slicing, taker);
      line.done();
    }
  }

  private static <R, P> ScanRdd.TaskOutput<Tuple2<Integer, byte[]>> cut(
      ScanTask<R> task, Slicing<R, P, ?> slicing) {
    return chunks -> SliceReduce.pieces(task.run(chunks), slicing);
  }

  /** What the executors that have these rows keep; one task for each asks. */
  public StoreUsage storeUsage() {
    return reduce("store", chunks -> ChunkStore.get().usage(), StoreUsage::plus);
  }

  /**
   * One pass of an engine over the chunks of this process without any of Spark: what a pass costs
   * the engine alone. For one process only, where all chunks are.
   */
  public PartialSums bare(LloydEngine engine, PassPlan plan) throws IOException {
    List<SplitKey> keys =
        IntStream.range(0, source.splits()).mapToObj(split -> new SplitKey(name, split)).toList();
    ChunkStore store = ChunkStore.get();
    try (Pass pass = engine.begin(plan)) {
      ChunkVisitor visitor = new FeedVisitor(pass);
      store.makeRoom(keys, visitor);
      store.scan(keys, (key, allocator) -> source.open(key.split(), null, allocator), visitor);
      return pass.finish();
    }
  }

  /** What tells these rows from others: one more pass over all of them. */
  public Fingerprint fingerprint() {
    return reduce("fingerprint", new FingerprintTask(), Fingerprint::plus);
  }

  @Override
  public <T> Shared<T> share(T value) {
    return here == null ? Shared.broadcast(spark, value) : Shared.local(value);
  }

  private static ScanRdd.TaskOutput<byte[]> whole(ScanTask<?> task) {
    return chunks -> List.of(JavaBytes.of(task.run(chunks))).iterator();
  }

  private <T> JavaRDD<T> tasks(
      VectorSource from, ScanRdd.TaskOutput<T> output, Progress.Stage line) {
    LongAccumulator rows = spark.sc().longAccumulator();
    line.watch(spark.sc(), rows);
    if (statistics != null) {
      groups = TaskSplits.amongLiving(groups, LivingExecutors.of(spark.sc()), fixedTasks);
    }
    ScanRdd<T> scan = new ScanRdd<>(spark.sc(), name, from, groups, contents, output, rows);
    if (statistics != null) {
      iterationResources.ifPresent(scan::withResources);
    }
    return scan.toJavaRDD();
  }

  /** Frees the chunks in all executors that answer; in the others they go when memory is needed. */
  @Override
  public void close() {
    if (!spark.sc().isStopped()) {
      tasks(new NoRows(source.splits()), whole(new DropTask(name)), Progress.Stage.silent())
          .count();
    }
  }
}
