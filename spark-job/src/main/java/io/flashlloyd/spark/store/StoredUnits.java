package io.flashlloyd.spark.store;

import io.flashlloyd.spark.store.ChunkStore.UnitKey;
import io.flashlloyd.spark.store.StoredUnit.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Which units the store has, who reads them, and what of the budgets they take. Thread-safe: all
 * that concerns several tasks happens here, under one lock.
 */
final class StoredUnits {
  private final StoreBudget budget;
  private final LongConsumer forget;
  private final Map<UnitKey, StoredUnit> units = new LinkedHashMap<>();
  private final Map<UnitKey, ChunkIds> ids = new HashMap<>();
  private long nextId;
  private long usedMemory;
  private long usedDisk;

  /**
   * @param forget told the numbers of chunks that are dropped
   */
  StoredUnits(StoreBudget budget, LongConsumer forget) {
    this.budget = budget;
    this.forget = forget;
  }

  /** Numbers of a unit's chunks are the same in every pass, so that engines know them again. */
  synchronized ChunkIds chunkIds(UnitKey key) {
    return ids.computeIfAbsent(
        key,
        k -> {
          nextId += ChunkIds.MOST;
          return new ChunkIds(nextId);
        });
  }

  /** What a unit holds that was read to its end. */
  synchronized UnitContent content(UnitKey key) {
    ChunkIds numbers = ids.get(key);
    if (numbers == null) {
      throw new IllegalStateException(
          "Split %d was dropped while a task read it".formatted(key.unit()));
    }
    return numbers.content();
  }

  /**
   * Drops copies of units that the visitor's engine has kept as far as those that it has not, and
   * will read in this scan from disk or their splits, lack room for theirs. The engine is asked
   * once, for all chunks, while others use the store: what it says may be past by then as well.
   */
  void dropResident(List<UnitKey> keys, ChunkVisitor visitor) {
    Map<UnitKey, List<ChunkIds.Known>> known = known(keys);
    List<Long> chunkIds =
        known.values().stream().flatMap(List::stream).map(ChunkIds.Known::id).toList();
    dropCopies(known, visitor.residentAmong(chunkIds));
  }

  private synchronized Map<UnitKey, List<ChunkIds.Known>> known(List<UnitKey> keys) {
    Map<UnitKey, List<ChunkIds.Known>> known = new LinkedHashMap<>();
    for (UnitKey key : keys) {
      known.put(key, ids.containsKey(key) ? ids.get(key).known() : List.of());
    }
    return known;
  }

  /**
   * @param known chunks of the units when the engine was asked
   * @param resident those of them that it had
   */
  private synchronized void dropCopies(
      Map<UnitKey, List<ChunkIds.Known>> known, Set<Long> resident) {
    long unstored = 0;
    long onDisk = 0;
    List<StoredUnit> idle = new ArrayList<>();
    for (Map.Entry<UnitKey, List<ChunkIds.Known>> entry : known.entrySet()) {
      StoredUnit unit = units.get(entry.getKey());
      List<ChunkIds.Known> chunks = entry.getValue();
      if (chunks.stream().allMatch(chunk -> resident.contains(chunk.id()))) {
        // One that was read by another task meanwhile has chunks that the engine was not asked for.
        if (unit != null && unit.users == 0 && unit.chunks() == chunks.size()) {
          idle.add(unit);
        }
      } else if (unit == null) {
        unstored += chunks.stream().mapToLong(ChunkIds.Known::bytes).sum();
      } else {
        onDisk += unit.diskBytes();
      }
    }
    for (StoredUnit unit : idle) {
      boolean lacksMemory = budget.memory() - usedMemory < unstored + onDisk;
      boolean lacksAny = budget.memory() - usedMemory + budget.diskBytes() - usedDisk < unstored;
      if (unit.memoryBytes() > 0 ? lacksMemory : lacksAny) {
        units.remove(unit.key());
        free(unit);
      }
    }
  }

  /** Those of the units that are stored, in order; none of them goes before it is released. */
  synchronized Map<UnitKey, StoredUnit> acquire(List<UnitKey> keys) {
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

  synchronized void release(StoredUnit unit) {
    unit.users--;
    if (unit.dropped && unit.users == 0) {
      free(unit);
    }
  }

  /** Takes budget, from data sets that nobody reads at the moment if it must. */
  synchronized boolean reserveMemory(String dataset, long bytes) {
    evictOthers(dataset, () -> usedMemory + bytes <= budget.memory());
    if (usedMemory + bytes > budget.memory()) {
      return false;
    }
    usedMemory += bytes;
    return true;
  }

  synchronized boolean reserveDisk(String dataset, long bytes) {
    evictOthers(dataset, () -> usedDisk + bytes <= budget.diskBytes());
    if (usedDisk + bytes > budget.diskBytes()) {
      return false;
    }
    usedDisk += bytes;
    return true;
  }

  synchronized void giveBackMemory(long bytes) {
    usedMemory -= bytes;
  }

  synchronized void giveBackDisk(long bytes) {
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
  synchronized boolean publish(StoredUnit unit) {
    boolean published = ids.containsKey(unit.key()) && units.putIfAbsent(unit.key(), unit) == null;
    if (published) {
      unit.users++;
    }
    return published;
  }

  synchronized void free(StoredUnit unit) {
    usedMemory -= unit.memoryBytes();
    usedDisk -= unit.diskBytes();
    unit.free();
  }

  /**
   * Frees a data set's chunks. What a task still reads, one that was cancelled for example, is
   * freed when it lets go.
   */
  synchronized void drop(String dataset) {
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

  /** Moves a chunk to memory, for which room was taken; gives that back where others read it. */
  synchronized boolean promote(StoredUnit unit, Place place, StoredChunk chunk) {
    if (unit.users > 1) {
      giveBackMemory(chunk.memory().bytes());
      return false;
    }
    usedDisk -= place.file().bytes();
    unit.promote(place, chunk);
    return true;
  }

  /** What is kept now, beside what is told. */
  synchronized StoreUsage usage(long pinnedBytes, long deviceBytes) {
    return new StoreUsage(usedMemory, pinnedBytes, usedDisk, deviceBytes);
  }
}
