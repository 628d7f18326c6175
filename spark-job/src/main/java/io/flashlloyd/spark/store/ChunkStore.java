package io.flashlloyd.spark.store;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.spark.executor.ExecutorEngine;
import io.flashlloyd.spark.store.StoredSplit.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.SparkEnv;

/**
 * Decoded chunks of this process, kept across iterations: a cache, never the only copy. What comes
 * first stays in memory, pinned where a GPU has no room for it; what comes then goes to local disk
 * and is read ahead of its visit; what no budget has room for is read from its split again in every
 * pass (for data read in a circle, keeping what came first is the best a cache can do). What an
 * engine keeps in device memory is neither read nor decoded, and where others lack room, its copies
 * here go first. Off-heap memory in use is at most the budgets plus {@value #STREAMED} chunks for
 * each running task and {@link ChunkMemory#SPARE} for all.
 *
 * <p>Threading: used by all tasks of an executor at once.
 */
public final class ChunkStore {
  /** Chunks of one task that an engine may be at, beyond the budget. */
  private static final int VISITED = 2;

  /** Of a chunk that is read again only to be kept. */
  private static final CompletableFuture<Void> VISITED_BEFORE =
      CompletableFuture.completedFuture(null);

  /** Chunks of one task that may be in memory beyond the budget. */
  static final int STREAMED = VISITED + 1 + ReadAhead.DEPTH;

  private static ChunkStore instance;

  private final StoreBudget budget;
  private final SpillFolder disk;
  private final ChunkMemory memory;
  private final BufferAllocator allocator;
  private final BufferAllocator streaming;
  private final Executor readers = Executors.newCachedThreadPool(ChunkStore::readerThread);
  private final StoredSplits stored;

  /**
   * @param forget told the numbers of chunks that are dropped
   */
  ChunkStore(StoreBudget budget, SpillFolder disk, ChunkMemory memory, LongConsumer forget) {
    this.budget = budget;
    this.disk = disk;
    this.stored = new StoredSplits(budget, forget);
    this.memory = memory;
    this.allocator = ChunkAllocator.root(Long.MAX_VALUE, memory);
    this.streaming = ChunkAllocator.root(Long.MAX_VALUE, memory.streaming());
  }

  private static Thread readerThread(Runnable work) {
    Thread thread = new Thread(work, "chunk-reader");
    thread.setDaemon(true);
    return thread;
  }

  /** The store of this process; its budgets are read from Spark's configuration once. */
  public static synchronized ChunkStore get() {
    if (instance == null) {
      SparkEnv env = SparkEnv.get();
      List<Path> folders =
          Arrays.stream(env.blockManager().diskBlockManager().localDirs())
              .map(folder -> folder.toPath())
              .toList();
      try {
        // Settings first: what is no size is told, not that a second try finds folders in place.
        StoreBudget budget = StoreBudget.of(env.conf(), folders.get(0));
        SpillFolder disk = new SpillFolder(folders);
        ChunkMemory memory =
            new ChunkMemory(
                budget.pinnedBytes(), ExecutorEngine::allocatePinned, ExecutorEngine::keepsBytes);
        instance = new ChunkStore(budget, disk, memory, ExecutorEngine::forget);
      } catch (IOException e) {
        throw new UncheckedIOException("The chunk store has no disk: " + e.getMessage(), e);
      }
    }
    return instance;
  }

  /** What this process keeps now, nothing where it has had no store yet; for its metrics. */
  public static StoreUsage used() {
    ChunkStore store;
    synchronized (ChunkStore.class) {
      store = instance;
    }
    return store == null ? new StoreUsage(0, 0, 0, 0) : store.usage();
  }

  /** Bytes of host memory that this process may give to decoded chunks. */
  public static long hostBytes() {
    return get().budget.memory();
  }

  /** A split of one data set. */
  public record SplitKey(String dataset, int split) {}

  /** Opens a split where the store does not have it. */
  public interface SplitOpener {
    ChunkReader open(SplitKey key, BufferAllocator allocator) throws IOException;
  }

  /**
   * Before a scan of these splits: drops copies of what the visitor's engine keeps where others
   * lack room. Only of splits whose rows come in the same order when they are read again.
   */
  public void makeRoom(List<SplitKey> keys, ChunkVisitor visitor) {
    stored.dropResident(keys, visitor);
  }

  /** Hands the splits' chunks to the visitor and returns when the visitor is done with all. */
  public void scan(List<SplitKey> keys, SplitOpener opener, ChunkVisitor visitor)
      throws IOException {
    Map<SplitKey, StoredSplit> acquired = stored.acquire(keys);
    InFlight inFlight = new InFlight();
    try (ReadAhead ahead =
        new ReadAhead(onDisk(acquired), visitor::isResident, readMemory(keys), readers)) {
      for (SplitKey key : keys) {
        visitor.beginSplit(key.split());
        StoredSplit split = acquired.get(key);
        if (split == null) {
          StoredSplit loaded = load(key, opener, visitor, inFlight);
          if (loaded != null) {
            acquired.put(key, loaded);
          }
        } else {
          visit(split, ahead, visitor, inFlight);
        }
      }
      inFlight.await();
    } finally {
      inFlight.settle();
      acquired.values().forEach(stored::release);
    }
  }

  private static List<Place> onDisk(Map<SplitKey, StoredSplit> acquired) {
    return acquired.values().stream()
        .flatMap(split -> split.places().stream())
        .filter(place -> place.file() != null)
        .toList();
  }

  /** What is read from disk stays in memory where there is room by now. */
  private ReadAhead.Memory readMemory(List<SplitKey> keys) {
    return new ReadAhead.Memory() {
      @Override
      public boolean reserve(long bytes) {
        return stored.reserveMemory(keys.get(0).dataset(), bytes);
      }

      @Override
      public void giveBack(long bytes) {
        stored.giveBackMemory(bytes);
      }

      @Override
      public BufferAllocator allocator(boolean stays) {
        return stays ? allocator : streaming;
      }
    };
  }

  private void visit(StoredSplit split, ReadAhead ahead, ChunkVisitor visitor, InFlight inFlight)
      throws IOException {
    for (Place place : split.places()) {
      if (place.memory() != null) {
        inFlight.add(visitor.visit(place.memory()));
      } else if (ahead.has(place.file())) {
        visitRead(split, place, ahead, visitor, inFlight);
      } else {
        Optional<CompletableFuture<Void>> done = visitor.visitResident(place.id(), place.rows());
        if (done.isPresent()) {
          inFlight.add(done.get());
        } else { // it was resident a moment ago
          visitRead(split, place, ahead, visitor, inFlight);
        }
      }
    }
    visitor.endSplit(split.key().split());
  }

  private void visitRead(
      StoredSplit split, Place place, ReadAhead ahead, ChunkVisitor visitor, InFlight inFlight)
      throws IOException {
    ReadAhead.Taken taken = ahead.take(place.file());
    StoredChunk chunk = StoredChunk.of(place.id(), taken.chunk());
    if (taken.stays() && stored.promote(split, place, chunk)) {
      inFlight.add(visitor.visit(chunk));
      return;
    }
    inFlight.addAndClose(visitOrClose(visitor, chunk), taken.chunk());
    inFlight.awaitAllButStreamed(VISITED);
  }

  /** Visits a split's leading chunks that the visitor's engine has kept; how many they are. */
  private static int visitResident(ChunkIds numbers, ChunkVisitor visitor, InFlight inFlight)
      throws IOException {
    int visited = 0;
    for (ChunkIds.Known chunk : numbers.known()) {
      Optional<CompletableFuture<Void>> done = visitor.visitResident(chunk.id(), chunk.rows());
      if (done.isEmpty()) {
        break;
      }
      inFlight.add(done.get());
      visited++;
    }
    return visited;
  }

  /**
   * Reads a split from its split, unless an engine has all of it, visits its chunks, and keeps them
   * where there is room for all.
   *
   * @return what is kept, with this scan as its user; null where nothing is
   */
  private StoredSplit load(
      SplitKey key, SplitOpener opener, ChunkVisitor visitor, InFlight inFlight)
      throws IOException {
    ChunkIds numbers = stored.chunkIds(key);
    int visited = visitResident(numbers, visitor, inFlight);
    if (numbers.complete() && visited == numbers.known().size()) {
      visitor.endSplit(key.split());
      return null;
    }
    StoredSplit split = new StoredSplit(key);
    boolean keep = true;
    try (ChunkReader reader = opener.open(key, allocator)) {
      int ordinal = 0;
      for (VectorChunk next = reader.next(); next != null; next = reader.next()) {
        StoredChunk chunk = numbered(numbers, ordinal, next);
        boolean now = ordinal++ >= visited;
        if (keep && stored.reserveMemory(key.dataset(), next.bytes())) {
          split.add(chunk);
          if (now) {
            inFlight.add(visitor.visit(chunk));
          }
          continue;
        }
        inFlight.addAndClose(now ? visitOrClose(visitor, chunk) : VISITED_BEFORE, next);
        if (keep && !spill(key, split, chunk)) {
          keep = false;
          inFlight.await();
          stored.free(split);
        }
        inFlight.awaitAllButStreamed(VISITED);
      }
      numbers.completed(ordinal);
      visitor.endSplit(key.split());
      if (keep && stored.publish(split)) {
        StoredSplit kept = split;
        split = new StoredSplit(key);
        return kept;
      }
      return null;
    } finally {
      if (!split.places().isEmpty()) {
        inFlight.settle();
        stored.free(split);
      }
    }
  }

  private static StoredChunk numbered(ChunkIds numbers, int ordinal, VectorChunk chunk) {
    try {
      return StoredChunk.of(numbers.id(ordinal, chunk), chunk);
    } catch (RuntimeException e) {
      chunk.close();
      throw e;
    }
  }

  private static CompletableFuture<Void> visitOrClose(ChunkVisitor visitor, StoredChunk chunk)
      throws IOException {
    try {
      return visitor.visit(chunk);
    } catch (IOException | RuntimeException e) {
      chunk.memory().close();
      throw e;
    }
  }

  /** Writes a chunk to disk, while it may still be visited; false where there is no room. */
  private boolean spill(SplitKey key, StoredSplit split, StoredChunk chunk) throws IOException {
    long bytes = chunk.memory().bytes();
    if (!stored.reserveDisk(key.dataset(), bytes)) {
      return false;
    }
    try {
      split.add(chunk.id(), disk.write(chunk.id(), chunk.memory(), budget.diskBytes()));
      return true;
    } catch (IOException e) {
      stored.giveBackDisk(bytes);
      throw e;
    }
  }

  /** What a split held when this process first read it, to its end. */
  public SplitContent content(SplitKey key) {
    return stored.content(key);
  }

  /**
   * Frees a data set's chunks. What a task still reads, one that was cancelled for example, is
   * freed when it lets go.
   */
  public void drop(String dataset) {
    stored.drop(dataset);
  }

  /** What is kept now. */
  public StoreUsage usage() {
    return stored.usage(memory.pinnedBytes(), ExecutorEngine.residentBytes());
  }

  /** Bytes of off-heap memory in use, chunks on their way included. */
  long allocatedBytes() {
    return allocator.getAllocatedMemory() + streaming.getAllocatedMemory();
  }
}
