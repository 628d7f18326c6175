package io.flashlloyd.spark.parts;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.spark.KMeansConfig;
import io.flashlloyd.spark.data.ChunkStore;
import io.flashlloyd.spark.data.JavaBytes;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.task.EngineSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/**
 * Fits the groups of a partition, one after the other, each where it is: in this task, on the
 * engine of this executor. Rows come sorted by group. Results are {@link GroupTask.Outcome}s.
 */
final class GroupTask implements FlatMapFunction<Iterator<InternalRow>, byte[]> {
  private static final long serialVersionUID = 1L;

  private final VectorColumns columns;
  private final String groupColumn;
  private final KMeansConfig config;
  private final EngineSettings engine;
  private final long maxBytes;
  private final LongAccumulator progress;

  /**
   * @param columns of the rows; the group comes behind them
   * @param maxBytes of one group's decoded vectors; 0 for a task's share of the executor's memory
   * @param progress counts rows
   */
  GroupTask(
      VectorColumns columns,
      String groupColumn,
      KMeansConfig config,
      EngineSettings engine,
      long maxBytes,
      LongAccumulator progress) {
    this.columns = columns;
    this.groupColumn = groupColumn;
    this.config = config;
    this.engine = engine;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  /**
   * A group's fit.
   *
   * @param fit null where the group has more than the bytes allowed
   */
  record Outcome(String group, PartFit fit) implements java.io.Serializable {}

  @Override
  public Iterator<byte[]> call(Iterator<InternalRow> sorted) throws IOException {
    GroupedRows groups = new GroupedRows(sorted, columns.count(), groupColumn);
    List<byte[]> outcomes = new ArrayList<>();
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (String group = groups.next(); group != null; group = groups.next()) {
        PartFit fit = fit(group, groups.rows(), allocator);
        outcomes.add(JavaBytes.of(new Outcome(group, fit)));
      }
    }
    return outcomes.iterator();
  }

  private long limit() {
    return maxBytes > 0 ? maxBytes : ChunkStore.hostBytes() / engine.cores();
  }

  private PartFit fit(
      String group, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator)
      throws IOException {
    String subject = "column %s, group %s".formatted(columns.column(), group);
    try (ChunkReader reader = columns.open(rows, subject, allocator);
        LocalRows local = LocalRows.read(reader, columns.measure(), limit())) {
      if (local == null) {
        return null;
      }
      PartFit fit = PartFit.of(group, local, config, engine, Progress.silent());
      progress.add(local.rows());
      return fit;
    }
  }
}
