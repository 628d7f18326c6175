package io.flashlloyd.io;

import java.io.IOException;

/** The chunks of one split, in row order. One thread at a time; close() frees what is open. */
public interface ChunkReader extends AutoCloseable {
  /**
   * The next chunk, owned by the caller, or null at the end of the split.
   *
   * @throws VectorInputException where the file holds something that cannot be clustered
   */
  VectorChunk next() throws IOException;

  /**
   * Nanoseconds of {@link #next} so far that went into waiting for storage; negative where reading
   * and decoding are not told apart.
   */
  default long storageNanos() {
    return -1;
  }

  @Override
  void close() throws IOException;
}
