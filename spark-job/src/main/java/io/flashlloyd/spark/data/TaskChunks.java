package io.flashlloyd.spark.data;

import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.spark.store.ChunkStore;
import io.flashlloyd.spark.store.ChunkStore.SplitKey;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.SplitContent;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/** The chunks of a Spark task: what the store has, and the rest from the source. */
final class TaskChunks implements ChunkScan {
  private final String dataset;
  private final List<Integer> splits;
  private final Map<Integer, SplitContent> expected;
  private final VectorSource source;
  private final IntFunction<scala.collection.Iterator<InternalRow>> parent;
  private final LongAccumulator progress;
  private final Map<Integer, SplitContent> contents = new HashMap<>();
  private StageSeconds stages = StageSeconds.NONE;

  /**
   * @param expected what splits held before, of those that were read before
   */
  TaskChunks(
      String dataset,
      List<Integer> splits,
      Map<Integer, SplitContent> expected,
      VectorSource source,
      IntFunction<scala.collection.Iterator<InternalRow>> parent,
      LongAccumulator progress) {
    this.dataset = dataset;
    this.splits = splits;
    this.expected = expected;
    this.source = source;
    this.parent = parent;
    this.progress = progress;
  }

  /**
   * The same chunks for another pass of the same task.
   *
   * @param counter of its rows
   */
  TaskChunks again(LongAccumulator counter) {
    return new TaskChunks(dataset, splits, expected, source, parent, counter);
  }

  @Override
  public void forEach(ChunkVisitor visitor) throws IOException {
    ChunkVisitor watched = new Watched(visitor);
    List<SplitKey> keys = splits.stream().map(split -> new SplitKey(dataset, split)).toList();
    ChunkStore store = ChunkStore.get();
    if (source.parent() == null) { // a data frame may be computed again in another order
      store.makeRoom(keys, watched);
    }
    store.scan(keys, (key, allocator) -> open(key.split(), allocator), watched);
  }

  private TimedReader open(int split, BufferAllocator allocator) throws IOException {
    long start = System.nanoTime();
    ChunkReader opened = source.open(split, parent.apply(split), allocator);
    return new TimedReader(
        opened, System.nanoTime() - start, seconds -> stages = stages.plus(seconds));
  }

  @Override
  public Map<Integer, SplitContent> contents() {
    return contents;
  }

  private void check(int split) {
    SplitContent found = ChunkStore.get().content(new SplitKey(dataset, split));
    if (expected.containsKey(split)) {
      expected.get(split).requireSame(split, found);
    }
    contents.put(split, found);
  }

  @Override
  public StageSeconds stages() {
    return stages;
  }

  /** Counts rows for the progress line and ends a task that Spark has killed. */
  private final class Watched implements ChunkVisitor {
    private final ChunkVisitor visitor;

    Watched(ChunkVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void beginSplit(int split) throws IOException {
      LocalRows.stopIfKilled();
      visitor.beginSplit(split);
    }

    @Override
    public CompletableFuture<Void> visit(StoredChunk chunk) throws IOException {
      LocalRows.stopIfKilled();
      CompletableFuture<Void> done = visitor.visit(chunk);
      progress.add(chunk.rows().rows());
      return done;
    }

    @Override
    public Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows)
        throws IOException {
      LocalRows.stopIfKilled();
      Optional<CompletableFuture<Void>> done = visitor.visitResident(chunkId, rows);
      done.ifPresent(visited -> progress.add(rows));
      return done;
    }

    @Override
    public Set<Long> residentAmong(Collection<Long> chunkIds) {
      return visitor.residentAmong(chunkIds);
    }

    @Override
    public void endSplit(int split) throws IOException {
      LocalRows.stopIfKilled(); // before results are put in their place
      check(split);
      visitor.endSplit(split);
    }
  }
}
