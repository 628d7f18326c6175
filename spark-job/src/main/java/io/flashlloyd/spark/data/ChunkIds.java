package io.flashlloyd.spark.data;

import io.flashlloyd.io.VectorChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The numbers of one unit's chunks in this process, and what their bytes were: a unit that is read
 * again must hold the same. Thread-safe.
 */
final class ChunkIds {
  /** More chunks than any unit has. */
  static final long MOST = 1L << 24;

  private final long first;
  private final List<Long> checksums = new ArrayList<>();

  ChunkIds(long first) {
    this.first = first;
  }

  /**
   * The number of the unit's chunk {@code ordinal}.
   *
   * @throws IllegalStateException where it had other contents before
   */
  long id(int ordinal, VectorChunk chunk) {
    if (ordinal >= MOST) {
      throw new IllegalStateException(
          "A split has more than " + MOST + " chunks; use larger chunks");
    }
    check(ordinal, chunk.checksum());
    return first + ordinal;
  }

  private synchronized void check(int ordinal, long checksum) {
    if (ordinal == checksums.size()) {
      checksums.add(checksum);
    } else if (checksums.get(ordinal) != checksum) {
      throw new IllegalStateException(
          "Chunk %d of a split has other rows than when it was first read; the input changed"
                  .formatted(ordinal)
              + " meanwhile, or the DataFrame is computed anew with another result: cache it, or"
              + " write it to files");
    }
  }

  synchronized void forEach(LongConsumer use) {
    for (int ordinal = 0; ordinal < checksums.size(); ordinal++) {
      use.accept(first + ordinal);
    }
  }
}
