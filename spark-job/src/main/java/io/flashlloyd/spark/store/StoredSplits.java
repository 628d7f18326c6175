package io.flashlloyd.spark.store;

import io.flashlloyd.spark.store.ChunkStore.SplitKey;
import io.flashlloyd.spark.store.StoredSplit.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Which splits the store has, who reads them, and what of the budgets they take. Thread-safe: all
 * that concerns several tasks happens here, under one lock.
 */
final class StoredSplits {
  private final StoreBudget budget;
  private final LongConsumer forget;
  private final Map<SplitKey, StoredSplit> splits = new LinkedHashMap<>();
  private final Map<SplitKey, ChunkIds> ids = new HashMap<>();
  private long nextId;
  private long usedMemory;
  private long usedDisk;

  /**
   * @param forget told the numbers of chunks that are dropped
   */
  StoredSplits(StoreBudget budget, LongConsumer forget) {
    this.budget = budget;
    this.forget = forget;
  }

  /** Numbers of a split's chunks are the same in every pass, so that engines know them again. */
  synchronized ChunkIds chunkIds(SplitKey key) {
    return ids.computeIfAbsent(
        key,
        k -> {
          nextId += ChunkIds.MOST;
          return new ChunkIds(nextId);
        });
  }

  /** What a split holds that was read to its end. */
  synchronized SplitContent content(SplitKey key) {
    ChunkIds numbers = ids.get(key);
    if (numbers == null) {
      throw new IllegalStateException(
          "Split %d was dropped while a task read it".formatted(key.split()));
    }
    return numbers.content();
  }

  /**
   * Drops copies of splits that the visitor's engine has kept as far as those that it has not, and
   * will read in this scan from disk or their splits, lack room for theirs. The engine is asked
   * once, for all chunks, while others use the store: what it says may be past by then as well.
   */
  void dropResident(List<SplitKey> keys, ChunkVisitor visitor) {
    Map<SplitKey, List<ChunkIds.Known>> known = known(keys);
    List<Long> chunkIds =
        known.values().stream().flatMap(List::stream).map(ChunkIds.Known::id).toList();
    dropCopies(known, visitor.residentAmong(chunkIds));
  }

  private synchronized Map<SplitKey, List<ChunkIds.Known>> known(List<SplitKey> keys) {
    Map<SplitKey, List<ChunkIds.Known>> known = new LinkedHashMap<>();
    for (SplitKey key : keys) {
      known.put(key, ids.containsKey(key) ? ids.get(key).known() : List.of());
    }
    return known;
  }

  /**
   * @param known chunks of the splits when the engine was asked
   * @param resident those of them that it had
   */
  private synchronized void dropCopies(
      Map<SplitKey, List<ChunkIds.Known>> known, Set<Long> resident) {
    long unstored = 0;
    long onDisk = 0;
    List<StoredSplit> idle = new ArrayList<>();
    for (Map.Entry<SplitKey, List<ChunkIds.Known>> entry : known.entrySet()) {
      StoredSplit split = splits.get(entry.getKey());
      List<ChunkIds.Known> chunks = entry.getValue();
      if (chunks.stream().allMatch(chunk -> resident.contains(chunk.id()))) {
        // One that was read by another task meanwhile has chunks that the engine was not asked for.
        if (split != null && split.users == 0 && split.chunks() == chunks.size()) {
          idle.add(split);
        }
      } else if (split == null) {
        unstored += chunks.stream().mapToLong(ChunkIds.Known::bytes).sum();
      } else {
        onDisk += split.diskBytes();
      }
    }
    for (StoredSplit split : idle) {
      boolean lacksMemory = budget.memory() - usedMemory < unstored + onDisk;
      boolean lacksAny = budget.memory() - usedMemory + budget.diskBytes() - usedDisk < unstored;
      if (split.memoryBytes() > 0 ? lacksMemory : lacksAny) {
        splits.remove(split.key());
        free(split);
      }
    }
  }

  /** Those of the splits that are stored, in order; none of them goes before it is released. */
  synchronized Map<SplitKey, StoredSplit> acquire(List<SplitKey> keys) {
    Map<SplitKey, StoredSplit> acquired = new LinkedHashMap<>();
    for (SplitKey key : keys) {
      StoredSplit split = splits.get(key);
      if (split != null) {
        split.users++;
        acquired.put(key, split);
      }
    }
    return acquired;
  }

  synchronized void release(StoredSplit split) {
    split.users--;
    if (split.dropped && split.users == 0) {
      free(split);
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
    List<SplitKey> idle = new ArrayList<>();
    splits.forEach(
        (key, split) -> {
          if (split.users == 0 && !key.dataset().equals(dataset)) {
            idle.add(key);
          }
        });
    for (SplitKey key : idle) {
      if (enough.now()) {
        return;
      }
      free(splits.remove(key));
      ids.get(key).forEach(forget);
    }
  }

  /** False where another task read the same split meanwhile, or the data set was dropped. */
  synchronized boolean publish(StoredSplit split) {
    boolean published =
        ids.containsKey(split.key()) && splits.putIfAbsent(split.key(), split) == null;
    if (published) {
      split.users++;
    }
    return published;
  }

  synchronized void free(StoredSplit split) {
    usedMemory -= split.memoryBytes();
    usedDisk -= split.diskBytes();
    split.free();
  }

  /**
   * Frees a data set's chunks. What a task still reads, one that was cancelled for example, is
   * freed when it lets go.
   */
  synchronized void drop(String dataset) {
    for (SplitKey key : List.copyOf(ids.keySet())) {
      if (key.dataset().equals(dataset)) {
        ids.remove(key).forEach(forget);
        StoredSplit split = splits.remove(key);
        if (split != null && split.users == 0) {
          free(split);
        } else if (split != null) {
          split.dropped = true;
        }
      }
    }
  }

  /** Moves a chunk to memory, for which room was taken; gives that back where others read it. */
  synchronized boolean promote(StoredSplit split, Place place, StoredChunk chunk) {
    if (split.users > 1) {
      giveBackMemory(chunk.memory().bytes());
      return false;
    }
    usedDisk -= place.file().bytes();
    split.promote(place, chunk);
    return true;
  }

  /** What is kept now, beside what is told. */
  synchronized StoreUsage usage(long pinnedBytes, long deviceBytes) {
    return new StoreUsage(usedMemory, pinnedBytes, usedDisk, deviceBytes);
  }
}
