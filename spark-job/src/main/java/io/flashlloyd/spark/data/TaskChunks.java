package io.flashlloyd.spark.data;

import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.spark.store.ChunkStore;
import io.flashlloyd.spark.store.ChunkStore.UnitKey;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.StoredChunk;
import io.flashlloyd.spark.store.UnitContent;
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
  private final List<Integer> units;
  private final Map<Integer, UnitContent> expected;
  private final VectorSource source;
  private final IntFunction<scala.collection.Iterator<InternalRow>> parent;
  private final LongAccumulator progress;
  private final Map<Integer, UnitContent> contents = new HashMap<>();
  private StageSeconds stages = StageSeconds.NONE;

  /**
   * @param expected what units held before, of those that were read before
   */
  TaskChunks(
      String dataset,
      List<Integer> units,
      Map<Integer, UnitContent> expected,
      VectorSource source,
      IntFunction<scala.collection.Iterator<InternalRow>> parent,
      LongAccumulator progress) {
    this.dataset = dataset;
    this.units = units;
    this.expected = expected;
    this.source = source;
    this.parent = parent;
    this.progress = progress;
  }

  @Override
  public void forEach(ChunkVisitor visitor) throws IOException {
    ChunkVisitor watched = new Watched(visitor);
    List<UnitKey> keys = units.stream().map(unit -> new UnitKey(dataset, unit)).toList();
    ChunkStore store = ChunkStore.get();
    if (source.parent() == null) { // a data frame may be computed again in another order
      store.makeRoom(keys, watched);
    }
    store.scan(keys, (key, allocator) -> open(key.unit(), allocator), watched);
  }

  private TimedReader open(int unit, BufferAllocator allocator) throws IOException {
    long start = System.nanoTime();
    ChunkReader opened = source.open(unit, parent.apply(unit), allocator);
    return new TimedReader(
        opened, System.nanoTime() - start, seconds -> stages = stages.plus(seconds));
  }

  @Override
  public Map<Integer, UnitContent> contents() {
    return contents;
  }

  private void check(int unit) {
    UnitContent found = ChunkStore.get().content(new UnitKey(dataset, unit));
    if (expected.containsKey(unit)) {
      expected.get(unit).requireSame(unit, found);
    }
    contents.put(unit, found);
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
    public void beginUnit(int unit) throws IOException {
      LocalRows.stopIfKilled();
      visitor.beginUnit(unit);
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
    public void endUnit(int unit) throws IOException {
      LocalRows.stopIfKilled(); // before results are put in their place
      check(unit);
      visitor.endUnit(unit);
    }
  }
}
