package io.flashlloyd.spark.data;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.SparkEnv;

/**
 * Decoded chunks of this process, kept across iterations: a cache, never the only copy. What fits
 * the budget stays; what does not is read from its split again in every pass (for data read in a
 * circle, keeping what came first is the best a cache can do). Off-heap memory in use is at
 * most the budget plus {@value #STREAMED} chunks for each running task.
 *
 * <p>Threading: used by all tasks of an executor at once.
 */
public final class ChunkStore {
  /** Spark setting: bytes of host memory for decoded chunks. */
  public static final String HOST_BYTES = "spark.flashlloyd.store.host.bytes";

  /** Chunks of one task that may be in memory beyond the budget. */
  static final int STREAMED = 3;

  private static ChunkStore instance;

  private final BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE);
  private final long budget;
  private final Map<UnitKey, StoredUnit> units = new LinkedHashMap<>();
  private final Map<UnitKey, ChunkIds> ids = new HashMap<>();
  private long nextId;
  private long used;

  ChunkStore(long budget) {
    this.budget = budget;
  }

  /** The store of this process; its budget is read from Spark's configuration once. */
  public static synchronized ChunkStore get() {
    if (instance == null) {
      instance = new ChunkStore(hostBytes());
    }
    return instance;
  }

  /** Bytes of host memory that this process may give to decoded chunks. */
  public static long hostBytes() {
    return StoreBudget.hostBytes(SparkEnv.get().conf());
  }

  /** A unit of one data set. */
  record UnitKey(String dataset, int unit) {}

  /** Opens the unit where the store does not have it. */
  interface UnitOpener {
    ChunkReader open(BufferAllocator allocator) throws IOException;
  }

  /** A unit that is wholly in memory; {@code users} scans are reading it. */
  private static final class StoredUnit {
    final List<StoredChunk> chunks = new ArrayList<>();
    long bytes;
    int users;
    boolean dropped;
  }

  /** Hands the unit's chunks to the visitor and returns when the visitor is done with all. */
  void scan(UnitKey key, UnitOpener opener, ChunkVisitor visitor) throws IOException {
    visitor.beginUnit(key.unit());
    StoredUnit stored = acquire(key);
    if (stored == null) {
      load(key, opener, visitor);
      return;
    }
    InFlight inFlight = new InFlight();
    try {
      for (StoredChunk chunk : stored.chunks) {
        inFlight.add(visitor.visit(chunk));
      }
      visitor.endUnit(key.unit());
      inFlight.await();
    } finally {
      inFlight.settle();
      release(stored);
    }
  }

  private void load(UnitKey key, UnitOpener opener, ChunkVisitor visitor) throws IOException {
    ChunkIds numbers = chunkIds(key);
    int ordinal = 0;
    StoredUnit unit = new StoredUnit();
    boolean keep = true;
    InFlight inFlight = new InFlight();
    try (ChunkReader reader = opener.open(allocator)) {
      for (VectorChunk memory = reader.next(); memory != null; memory = reader.next()) {
        StoredChunk chunk = StoredChunk.of(numbers.id(ordinal++), memory);
        if (keep && reserve(key.dataset(), memory.bytes())) {
          unit.chunks.add(chunk);
          unit.bytes += memory.bytes();
          inFlight.add(visitor.visit(chunk));
          continue;
        }
        CompletableFuture<Void> done = visitOrClose(visitor, chunk);
        inFlight.addAndClose(done, memory);
        if (keep) {
          keep = false;
          inFlight.await();
          free(unit);
        }
        inFlight.awaitAllBut(STREAMED - 1);
      }
      visitor.endUnit(key.unit());
      inFlight.await();
      if (keep && publish(key, unit)) {
        unit = new StoredUnit();
      }
    } finally {
      inFlight.settle();
      free(unit);
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

  /** Numbers of a unit's chunks are the same in every pass, so that engines know them again. */
  private synchronized ChunkIds chunkIds(UnitKey key) {
    return ids.computeIfAbsent(
        key,
        k -> {
          nextId += ChunkIds.MOST;
          return new ChunkIds(nextId);
        });
  }

  private synchronized StoredUnit acquire(UnitKey key) {
    StoredUnit unit = units.get(key);
    if (unit != null) {
      unit.users++;
    }
    return unit;
  }

  private synchronized void release(StoredUnit unit) {
    unit.users--;
    if (unit.dropped && unit.users == 0) {
      free(unit);
    }
  }

  /** Takes budget, from data sets that nobody reads at the moment if it must. */
  private synchronized boolean reserve(String dataset, long bytes) {
    if (used + bytes > budget) {
      evictOthers(dataset, bytes);
    }
    if (used + bytes > budget) {
      return false;
    }
    used += bytes;
    return true;
  }

  private void evictOthers(String dataset, long bytes) {
    List<UnitKey> idle = new ArrayList<>();
    units.forEach(
        (key, unit) -> {
          if (unit.users == 0 && !key.dataset().equals(dataset)) {
            idle.add(key);
          }
        });
    for (UnitKey key : idle) {
      if (used + bytes <= budget) {
        return;
      }
      free(units.remove(key));
    }
  }

  /** False where another task read the same unit meanwhile, or the data set was dropped. */
  private synchronized boolean publish(UnitKey key, StoredUnit unit) {
    return ids.containsKey(key) && units.putIfAbsent(key, unit) == null;
  }

  private synchronized void free(StoredUnit unit) {
    unit.chunks.forEach(chunk -> chunk.memory().close());
    unit.chunks.clear();
    used -= unit.bytes;
    unit.bytes = 0;
  }

  /**
   * Frees a data set's chunks and tells {@code forget} the number of each. What a task still reads,
   * one that was cancelled for example, is freed when it lets go.
   */
  public synchronized void drop(String dataset, LongConsumer forget) {
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

  /** Bytes of chunks that are kept. */
  public synchronized long usedBytes() {
    return used;
  }

  /** Bytes of off-heap memory in use, chunks on their way included. */
  public long allocatedBytes() {
    return allocator.getAllocatedMemory();
  }
}
