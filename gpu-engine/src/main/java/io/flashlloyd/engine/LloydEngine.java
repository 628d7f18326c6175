package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.RowStatistics;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The arithmetic of Lloyd's algorithm on one machine: rows and centroids to assignments and partial
 * sums. All engines give the same bits: assignment by canonical distance with the lowest index
 * winning ties, sums and cost in fixed point ({@link io.flashlloyd.engine.exact}).
 *
 * <p>Threading: one engine is shared by all threads of a process; each pass belongs to one thread.
 */
public interface LloydEngine extends AutoCloseable {
  /** What runs and on what, in a few words: "cpu: 8 threads, 512-bit vectors". */
  String description();

  /** Starts a pass. The engine prepares the centroids once, for all that is fed. */
  Pass begin(PassPlan plan);

  /**
   * Counts a chunk's coordinates. An engine with memory of its own does so where the rows then stay
   * for passes. The memory of {@code rows} is the engine's until the future completes.
   *
   * @param chunkId names these rows on this engine, as in {@link Pass#feed}
   * @param firstRow number of the first one
   */
  default CompletableFuture<RowStatistics> statistics(long chunkId, HostRows rows, long firstRow) {
    RowStatistics statistics = new RowStatistics(rows.dimension());
    statistics.add(rows, firstRow);
    return CompletableFuture.completedFuture(statistics);
  }

  /**
   * The hash of each row, [rows]; otherwise as {@link #statistics}, and the same bits on every
   * engine.
   */
  default CompletableFuture<long[]> hashes(long chunkId, HostRows rows, ContentHash hash) {
    return CompletableFuture.completedFuture(hash.ofRows(rows));
  }

  /**
   * How many passes over few rows, of as many threads, this engine takes at a time before more
   * make it no faster: 1 where a pass has all of it.
   */
  default int passesAtOnce() {
    return 1;
  }

  /** Bytes of rows, and of what was made of them, that stay in device memory between passes. */
  default long residentBytes() {
    return 0;
  }

  /**
   * Bytes that this engine keeps in device memory where it is fed as much: those rows are carried
   * there once. 0 where it has no memory of its own.
   */
  default long keepsBytes() {
    return 0;
  }

  /** Drops what the engine kept about a chunk. The id may then name other rows. */
  void forget(long chunkId);

  /**
   * Host memory that this engine copies rows from without staging; the caller closes it, before the
   * engine. Empty where all host memory is alike to it, or there is no more to be had.
   *
   * @param bytes at least 1
   */
  default Optional<HostMemory> allocatePinned(int bytes) {
    return Optional.empty();
  }

  /** Frees threads and memory. Passes must have ended. */
  @Override
  void close();
}
