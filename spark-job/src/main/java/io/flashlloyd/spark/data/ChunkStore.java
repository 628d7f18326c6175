package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkFile;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.spark.data.StoredUnit.Place;
import io.flashlloyd.spark.task.ExecutorEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.SparkEnv;

/**
 * Decoded chunks of this process, kept across iterations: a cache, never the only copy. What comes
 * first stays in memory, pinned where there is a GPU; what comes then goes to local disk and is
 * read ahead of its visit; what no budget has room for is read from its split again in every pass
 * (for data read in a circle, keeping what came first is the best a cache can do). Off-heap memory
 * in use is at most the budgets plus {@value #STREAMED} chunks for each running task and {@link
 * ChunkMemory#SPARE} for all.
 *
 * <p>Threading: used by all tasks of an executor at once.
 */
public final class ChunkStore {
  /** Chunks of one task that an engine may be at, beyond the budget. */
  private static final int VISITED = 2;

  /** Chunks of one task that may be in memory beyond the budget. */
  static final int STREAMED = VISITED + 1 + ReadAhead.DEPTH;

  private static ChunkStore instance;

  private final StoreBudget budget;
  private final SpillFolder disk;
  private final LongConsumer forget;
  private final ChunkMemory memory;
  private final BufferAllocator allocator;
  private final BufferAllocator streaming;
  private final Executor readers = Executors.newCachedThreadPool(ChunkStore::readerThread);
  private final Map<UnitKey, StoredUnit> units = new LinkedHashMap<>();
  private final Map<UnitKey, ChunkIds> ids = new HashMap<>();
  private long nextId;
  private long usedMemory;
  private long usedDisk;

  /**
   * @param forget told the numbers of chunks that are dropped
   */
  ChunkStore(StoreBudget budget, SpillFolder disk, ChunkMemory memory, LongConsumer forget) {
    this.budget = budget;
    this.disk = disk;
    this.forget = forget;
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
        SpillFolder disk = new SpillFolder(folders);
        StoreBudget budget = StoreBudget.of(env.conf(), disk.first());
        ChunkMemory memory = new ChunkMemory(budget.pinnedBytes(), ExecutorEngine::allocatePinned);
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
    return store == null ? new StoreUsage(0, 0, 0) : store.usage();
  }

  /** Bytes of host memory that this process may give to decoded chunks. */
  public static long hostBytes() {
    return get().budget.memory();
  }

  /** A unit of one data set. */
  record UnitKey(String dataset, int unit) {}

  /** Opens a unit where the store does not have it. */
  interface UnitOpener {
    ChunkReader open(UnitKey key, BufferAllocator allocator) throws IOException;
  }

  /** Hands the units' chunks to the visitor and returns when the visitor is done with all. */
  void scan(List<UnitKey> keys, UnitOpener opener, ChunkVisitor visitor) throws IOException {
    Map<UnitKey, StoredUnit> acquired = acquire(keys);
    InFlight inFlight = new InFlight();
    try (ReadAhead ahead = new ReadAhead(files(acquired), streaming, readers)) {
      for (UnitKey key : keys) {
        visitor.beginUnit(key.unit());
        StoredUnit stored = acquired.get(key);
        if (stored == null) {
          StoredUnit loaded = load(key, opener, visitor, inFlight);
          if (loaded != null) {
            acquired.put(key, loaded);
          }
        } else {
          visit(stored, ahead, visitor, inFlight);
        }
      }
      inFlight.await();
    } finally {
      inFlight.settle();
      acquired.values().forEach(this::release);
    }
  }

  private static List<ChunkFile> files(Map<UnitKey, StoredUnit> acquired) {
    return acquired.values().stream()
        .flatMap(unit -> unit.places().stream())
        .map(Place::file)
        .filter(file -> file != null)
        .toList();
  }

  private static void visit(
      StoredUnit unit, ReadAhead ahead, ChunkVisitor visitor, InFlight inFlight)
      throws IOException {
    for (Place place : unit.places()) {
      if (place.memory() != null) {
        inFlight.add(visitor.visit(place.memory()));
      } else {
        VectorChunk read = ahead.next();
        inFlight.addAndClose(visitOrClose(visitor, StoredChunk.of(place.id(), read)), read);
        inFlight.awaitAllButStreamed(VISITED);
      }
    }
    visitor.endUnit(unit.key().unit());
  }

  /**
   * Reads a unit from its split, visits its chunks, and keeps them where there is room for all.
   *
   * @return what is kept, with this scan as its user; null where nothing is
   */
  private StoredUnit load(UnitKey key, UnitOpener opener, ChunkVisitor visitor, InFlight inFlight)
      throws IOException {
    ChunkIds numbers = chunkIds(key);
    StoredUnit unit = new StoredUnit(key);
    boolean keep = true;
    try (ChunkReader reader = opener.open(key, allocator)) {
      int ordinal = 0;
      for (VectorChunk next = reader.next(); next != null; next = reader.next()) {
        StoredChunk chunk = numbered(numbers, ordinal++, next);
        if (keep && reserveMemory(key.dataset(), next.bytes())) {
          unit.add(chunk);
          inFlight.add(visitor.visit(chunk));
          continue;
        }
        inFlight.addAndClose(visitOrClose(visitor, chunk), next);
        if (keep && !spill(key, unit, chunk)) {
          keep = false;
          inFlight.await();
          free(unit);
        }
        inFlight.awaitAllButStreamed(VISITED);
      }
      visitor.endUnit(key.unit());
      if (keep && publish(unit)) {
        StoredUnit kept = unit;
        unit = new StoredUnit(key);
        return kept;
      }
      return null;
    } finally {
      if (!unit.places().isEmpty()) {
        inFlight.settle();
        free(unit);
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
  private boolean spill(UnitKey key, StoredUnit unit, StoredChunk chunk) throws IOException {
    long bytes = chunk.memory().bytes();
    if (!reserveDisk(key.dataset(), bytes)) {
      return false;
    }
    try {
      unit.add(chunk.id(), disk.write(chunk.id(), chunk.memory(), budget.diskBytes()));
      return true;
    } catch (IOException e) {
      giveBackDisk(bytes);
      throw e;
    }
  }

  /** Numbers of a unit's chunks are the same in every pass, so that engines know them again. */
  private synchronized ChunkIds chunkIds(UnitKey key) {
    return ids.computeIfAbsent(
        key,
        k -> {
          nextId += ChunkIds.MOST;
          return new ChunkIds(nextId);
        });
  }

  /** Those of the units that are stored, in order; none of them goes before it is released. */
  private synchronized Map<UnitKey, StoredUnit> acquire(List<UnitKey> keys) {
    Map<UnitKey, StoredUnit> acquired = new LinkedHashMap<>();
    for (UnitKey key : keys) {
      StoredUnit unit = units.get(key);
      if (unit != null) {
        unit.users++;
        acquired.put(key, unit);
      }
    }
    return acquired;
  }

  private synchronized void release(StoredUnit unit) {
    unit.users--;
    if (unit.dropped && unit.users == 0) {
      free(unit);
    }
  }

  /** Takes budget, from data sets that nobody reads at the moment if it must. */
  private synchronized boolean reserveMemory(String dataset, long bytes) {
    evictOthers(dataset, () -> usedMemory + bytes <= budget.memory());
    if (usedMemory + bytes > budget.memory()) {
      return false;
    }
    usedMemory += bytes;
    return true;
  }

  private synchronized boolean reserveDisk(String dataset, long bytes) {
    evictOthers(dataset, () -> usedDisk + bytes <= budget.diskBytes());
    if (usedDisk + bytes > budget.diskBytes()) {
      return false;
    }
    usedDisk += bytes;
    return true;
  }

  private synchronized void giveBackDisk(long bytes) {
    usedDisk -= bytes;
  }

  private interface Enough {
    boolean now();
  }

  private void evictOthers(String dataset, Enough enough) {
    if (enough.now()) {
      return;
    }
    List<UnitKey> idle = new ArrayList<>();
    units.forEach(
        (key, unit) -> {
          if (unit.users == 0 && !key.dataset().equals(dataset)) {
            idle.add(key);
          }
        });
    for (UnitKey key : idle) {
      if (enough.now()) {
        return;
      }
      free(units.remove(key));
      ids.get(key).forEach(forget);
    }
  }

  /** False where another task read the same unit meanwhile, or the data set was dropped. */
  private synchronized boolean publish(StoredUnit unit) {
    boolean published = ids.containsKey(unit.key()) && units.putIfAbsent(unit.key(), unit) == null;
    if (published) {
      unit.users++;
    }
    return published;
  }

  private synchronized void free(StoredUnit unit) {
    usedMemory -= unit.memoryBytes();
    usedDisk -= unit.diskBytes();
    unit.free();
  }

  /**
   * Frees a data set's chunks. What a task still reads, one that was cancelled for example, is
   * freed when it lets go.
   */
  public synchronized void drop(String dataset) {
    for (UnitKey key : List.copyOf(ids.keySet())) {
      if (key.dataset().equals(dataset)) {
        ids.remove(key).forEach(forget);
        StoredUnit unit = units.remove(key);
        if (unit != null && unit.users == 0) {
          free(unit);
        } else if (unit != null) {
          unit.dropped = true;
        }
      }
    }
  }

  /** What is kept now. */
  synchronized StoreUsage usage() {
    return new StoreUsage(usedMemory, memory.pinnedBytes(), usedDisk);
  }

  /** Bytes of off-heap memory in use, chunks on their way included. */
  long allocatedBytes() {
    return allocator.getAllocatedMemory() + streaming.getAllocatedMemory();
  }
}
