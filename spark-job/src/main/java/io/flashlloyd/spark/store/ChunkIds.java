package io.flashlloyd.spark.store;

import io.flashlloyd.io.RowChecksum;
import io.flashlloyd.io.VectorChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * The numbers of one split's chunks in this process, and what they were: a split that is read again
 * must hold the same in the same order, since engines keep what they know of a chunk by its number.
 * Thread-safe.
 */
final class ChunkIds {
  /** More chunks than any split has. */
  static final long MOST = 1L << 24;

  /** What is known of a chunk that was read. */
  record Known(long id, int rows, long bytes, RowChecksum checksum) {}

  private final long first;
  private final List<Known> known = new ArrayList<>();
  private boolean complete;

  ChunkIds(long first) {
    this.first = first;
  }

  /**
   * The number of the split's chunk {@code ordinal}.
   *
   * @throws IllegalStateException where it had other contents before
   */
  long id(int ordinal, VectorChunk chunk) {
    if (ordinal >= MOST) {
      throw new IllegalStateException(
          "A split has more than " + MOST + " chunks; use larger chunks");
    }
    Known read = new Known(first + ordinal, chunk.rows(), chunk.bytes(), chunk.checksum());
    check(ordinal, read);
    return read.id();
  }

  private synchronized void check(int ordinal, Known read) {
    if (ordinal == known.size() && !complete) {
      known.add(read);
    } else if (ordinal >= known.size() || !known.get(ordinal).equals(read)) {
      throw SplitContent.changed(
          "Chunk %d of a split has other rows than when it was first read".formatted(ordinal));
    }
  }

  /**
   * The split was read to its end.
   *
   * @throws IllegalStateException where it had more chunks before
   */
  synchronized void completed(int chunks) {
    if (chunks != known.size()) {
      throw SplitContent.changed(
          String.format(
              Locale.ROOT,
              "A split has %,d chunks (expected %,d, as when it was first read)",
              chunks,
              known.size()));
    }
    complete = true;
  }

  /** What the split holds, once it was read to its end. */
  synchronized SplitContent content() {
    long rows = 0;
    long checksum = 0;
    for (Known chunk : known) {
      rows += chunk.rows();
      checksum += chunk.checksum().anyOrder();
    }
    return new SplitContent(rows, checksum);
  }

  /** Whether {@link #known} are all of the split's chunks. */
  synchronized boolean complete() {
    return complete;
  }

  /** The chunks that were read so far, in row order. */
  synchronized List<Known> known() {
    return List.copyOf(known);
  }

  void forEach(LongConsumer use) {
    known().forEach(chunk -> use.accept(chunk.id()));
  }
}
