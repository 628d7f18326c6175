package io.flashlloyd.spark.many;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.spark.data.JavaBytes;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.Progress;
import io.flashlloyd.spark.store.ChunkStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/**
 * Fits the groups of a partition, each where it is: in this task, on the engine of this executor.
 * An engine that takes many small passes at once, as a GPU does, gets several groups side by side.
 * Rows come sorted by group. Results are {@link GroupTask.Outcome}s.
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
  record Outcome(String group, MemberFit fit) implements java.io.Serializable {}

  private record Group(String name, LocalRows rows) {}

  /** Groups that are read and not yet fitted. Owns their rows. */
  private static final class Waiting implements AutoCloseable {
    private final List<Group> groups = new ArrayList<>();
    private long bytes;

    void add(Group group) {
      groups.add(group);
      bytes += group.rows().bytes();
    }

    @Override
    public void close() {
      groups.forEach(group -> group.rows().close());
      groups.clear();
      bytes = 0;
    }
  }

  @Override
  public Iterator<byte[]> call(Iterator<InternalRow> sorted) throws IOException {
    GroupedRows groups = new GroupedRows(sorted, columns.count(), groupColumn);
    List<byte[]> outcomes = new ArrayList<>();
    int atOnce = groupsAtOnce();
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE);
        Waiting waiting = new Waiting();
        SideBySide threads = new SideBySide(atOnce)) {
      for (String name = groups.next(); name != null; name = groups.next()) {
        LocalRows rows = read(name, groups.rows(), allocator);
        if (rows == null) {
          outcomes.add(JavaBytes.of(new Outcome(name, null)));
          continue;
        }
        waiting.add(new Group(name, rows));
        if (waiting.groups.size() == atOnce || waiting.bytes >= limit() / 2) {
          fitAll(waiting, threads, outcomes);
        }
      }
      fitAll(waiting, threads, outcomes);
    }
    return outcomes.iterator();
  }

  /** Fits the groups that wait, side by side, and frees their rows. */
  private void fitAll(Waiting waiting, SideBySide threads, List<byte[]> outcomes) {
    List<Callable<MemberFit>> fits = new ArrayList<>();
    waiting.groups.forEach(group -> fits.add(() -> fit(group)));
    for (MemberFit fit : threads.run(fits)) {
      outcomes.add(JavaBytes.of(new Outcome(fit.member(), fit)));
      progress.add(fit.rows());
    }
    waiting.close();
  }

  private long limit() {
    return maxBytes > 0 ? maxBytes : ChunkStore.hostBytes() / engine.cores();
  }

  /** Null where it has more than the bytes allowed. */
  private LocalRows read(
      String group, scala.collection.Iterator<InternalRow> rows, BufferAllocator allocator)
      throws IOException {
    String subject = "column %s, group %s".formatted(columns.column(), group);
    try (ChunkReader reader = columns.open(rows, subject, allocator)) {
      return LocalRows.read(reader, columns.measure(), limit());
    }
  }

  private MemberFit fit(Group group) {
    return MemberFit.of(group.name(), group.rows(), config, engine, Progress.silent());
  }

  private int groupsAtOnce() {
    return (ExecutorEngine.get(engine).passesAtOnce() + engine.cores() - 1) / engine.cores();
  }
}
