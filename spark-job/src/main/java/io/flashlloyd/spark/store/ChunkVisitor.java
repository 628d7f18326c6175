package io.flashlloyd.spark.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What a task does with the chunks it is given, split by split, each in row order. */
public interface ChunkVisitor {
  /** Before the first chunk of a split. */
  default void beginSplit(int split) throws IOException {}

  /** The chunk's memory stays until the future completes. */
  CompletableFuture<Void> visit(StoredChunk chunk) throws IOException;

  /**
   * Visits a chunk of which this visitor's engine has kept the rows; they need not be in host
   * memory.
   *
   * @return empty where it has not, or needs them otherwise: {@link #visit} must follow
   */
  default Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows)
      throws IOException {
    return Optional.empty();
  }

  /** Those of the chunks that {@link #visitResident} would take, were it asked now; any thread. */
  default Set<Long> residentAmong(Collection<Long> chunkIds) {
    return Set.of();
  }

  /** Whether that is so of one chunk. */
  default boolean isResident(long chunkId) {
    return !residentAmong(List.of(chunkId)).isEmpty();
  }

  /** After the last chunk of a split; chunks' futures may still be open. */
  default void endSplit(int split) throws IOException {}
}
