package io.flashlloyd.spark.fit;

import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.ScanTask;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** The smallest distinct hashes among a task's rows, in unsigned order. */
final class HashTask implements ScanTask<long[]> {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final long seed;
  private final int round;

  HashTask(int limit, long seed, int round) {
    this.limit = limit;
    this.seed = seed;
    this.round = round;
  }

  @Override
  public long[] run(ChunkScan chunks) throws IOException {
    TreeSet<Long> smallest = new TreeSet<>(Long::compareUnsigned);
    chunks.forEach(
        chunk -> {
          // A bound of its own: to ask the tree for its last element takes longer than the hash.
          long bound = bound(smallest, limit);
          for (long hash : RowHashes.of(chunk.rows(), seed, round)) {
            if (Long.compareUnsigned(hash, bound) <= 0) {
              keep(smallest, hash, limit);
              bound = bound(smallest, limit);
            }
          }
          return CompletableFuture.completedFuture(null);
        });
    return sorted(smallest);
  }

  static long[] merge(long[] a, long[] b, int limit) {
    TreeSet<Long> smallest = new TreeSet<>(Long::compareUnsigned);
    for (long[] hashes : new long[][] {a, b}) {
      for (long hash : hashes) {
        keep(smallest, hash, limit);
      }
    }
    return sorted(smallest);
  }

  /** What is larger has no place, in unsigned order. */
  private static long bound(NavigableSet<Long> smallest, int limit) {
    return smallest.size() < limit ? SmallestHashes.ANY : smallest.last();
  }

  private static void keep(NavigableSet<Long> smallest, long hash, int limit) {
    if (smallest.size() < limit || Long.compareUnsigned(hash, smallest.last()) < 0) {
      smallest.add(hash);
      if (smallest.size() > limit) {
        smallest.pollLast();
      }
    }
  }

  private static long[] sorted(NavigableSet<Long> hashes) {
    return hashes.stream().mapToLong(Long::longValue).toArray();
  }
}
