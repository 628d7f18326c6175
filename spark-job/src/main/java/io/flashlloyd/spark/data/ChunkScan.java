package io.flashlloyd.spark.data;

import io.flashlloyd.spark.data.ChunkStore.UnitKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/** The chunks of one task, to be gone through once. Used by the task's thread. */
public final class ChunkScan {
  private final String dataset;
  private final List<Integer> units;
  private final VectorSource source;
  private final IntFunction<scala.collection.Iterator<InternalRow>> parent;
  private final TaskContext context;
  private final LongAccumulator progress;

  ChunkScan(
      String dataset,
      List<Integer> units,
      VectorSource source,
      IntFunction<scala.collection.Iterator<InternalRow>> parent,
      TaskContext context,
      LongAccumulator progress) {
    this.dataset = dataset;
    this.units = units;
    this.source = source;
    this.parent = parent;
    this.context = context;
    this.progress = progress;
  }

  /** Gives the visitor every chunk, reading what the store does not have. */
  public void forEach(ChunkVisitor visitor) throws IOException {
    ChunkVisitor watched = new Watched(visitor);
    List<UnitKey> keys = units.stream().map(unit -> new UnitKey(dataset, unit)).toList();
    ChunkStore.get()
        .scan(
            keys,
            (key, allocator) -> source.open(key.unit(), parent.apply(key.unit()), allocator),
            watched);
  }

  /**
   * Names the task attempt: results written under this name do not meet those of another attempt.
   */
  public String attemptName() {
    return "%05d-%d".formatted(context.partitionId(), context.taskAttemptId());
  }

  /** Counts rows for the progress line and ends a task that Spark has killed. */
  private final class Watched implements ChunkVisitor {
    private final ChunkVisitor visitor;

    Watched(ChunkVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void beginUnit(int unit) throws IOException {
      visitor.beginUnit(unit);
    }

    @Override
    public CompletableFuture<Void> visit(StoredChunk chunk) throws IOException {
      if (context.isInterrupted()) {
        throw new TaskKilledException("killed between two chunks");
      }
      CompletableFuture<Void> done = visitor.visit(chunk);
      progress.add(chunk.rows().rows());
      return done;
    }

    @Override
    public void endUnit(int unit) throws IOException {
      visitor.endUnit(unit);
    }
  }
}
