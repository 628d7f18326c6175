package io.flashlloyd.spark.data;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.executor.LivingExecutors;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.SplitContent;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkEnv;

/** Pass 0: reads and validates rows, fills the store, counts exponents. */
final class StatisticsTask implements ScanTask<StatisticsTask.Result> {
  private static final long serialVersionUID = 1L;

  /**
   * What a task found.
   *
   * @param statistics null where the task had no rows
   * @param executor the executor that holds the chunks now, as a task location
   * @param stages what reading took
   * @param contents of the splits
   */
  record Result(
      RowStatistics statistics,
      String executor,
      StageSeconds stages,
      Map<Integer, SplitContent> contents)
      implements Serializable {}

  private final EngineSettings settings;

  StatisticsTask(EngineSettings settings) {
    this.settings = settings;
  }

  @Override
  public Result run(ChunkScan chunks) throws IOException {
    Collector collector = new Collector(ExecutorEngine.get(settings));
    chunks.forEach(collector);
    SparkEnv env = SparkEnv.get();
    String host = env.blockManager().blockManagerId().host();
    String executor = LivingExecutors.location(host, env.executorId());
    return new Result(collector.statistics, executor, chunks.stages(), chunks.contents());
  }

  private static final class Collector implements ChunkVisitor {
    private final LloydEngine engine;
    private int dimension; // 0 before the first chunk
    private RowStatistics statistics;

    Collector(LloydEngine engine) {
      this.engine = engine;
    }

    @Override
    public CompletableFuture<Void> visit(StoredChunk chunk) {
      int found = chunk.rows().dimension();
      dimension = dimension == 0 ? found : dimension;
      checkDimension(dimension, found);
      return engine.statistics(chunk.id(), chunk.rows(), chunk.firstRow()).thenAccept(this::add);
    }

    private synchronized void add(RowStatistics more) {
      statistics = statistics == null ? more : statistics.merge(more);
    }
  }

  /** All tasks' statistics in one; empty where there are no rows. */
  static Optional<RowStatistics> merge(List<Result> results) {
    RowStatistics all = null;
    for (Result result : results) {
      RowStatistics part = result.statistics();
      if (part != null && all == null) {
        all = part;
      } else if (part != null) {
        checkDimension(all.dimension(), part.dimension());
        all.merge(part);
      }
    }
    return Optional.ofNullable(all);
  }

  private static void checkDimension(int expected, int actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          "Rows have different lengths: %d and %d (expected one dimension for all rows)"
              .formatted(expected, actual));
    }
  }
}
