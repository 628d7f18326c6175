package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The smallest distinct hashes among a task's rows, in unsigned order. */
final class HashTask implements ScanTask<long[]> {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final ContentHash hash;
  private final EngineSettings settings;

  HashTask(int limit, ContentHash hash, EngineSettings settings) {
    this.limit = limit;
    this.hash = hash;
    this.settings = settings;
  }

  @Override
  public long[] run(ChunkScan chunks) throws IOException {
    LloydEngine engine = ExecutorEngine.get(settings);
    TreeSet<Long> smallest = new TreeSet<>(Long::compareUnsigned);
    chunks.forEach(
        chunk ->
            engine
                .hashes(chunk.id(), chunk.rows(), hash)
                .thenAccept(hashes -> keep(smallest, hashes)));
    return sorted(smallest);
  }

  private void keep(NavigableSet<Long> smallest, long[] hashes) {
    synchronized (smallest) {
      // A bound of its own: to ask the tree for its last element takes longer than the hash.
      long bound = bound(smallest, limit);
      for (long hashed : hashes) {
        if (Long.compareUnsigned(hashed, bound) <= 0) {
          keep(smallest, hashed, limit);
          bound = bound(smallest, limit);
        }
      }
    }
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
