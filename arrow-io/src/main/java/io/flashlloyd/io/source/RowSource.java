package io.flashlloyd.io.source;

import java.io.Closeable;
import java.io.IOException;

/** The coordinates of one split, in row order; what a format has to implement to be read. */
public interface RowSource extends Closeable {
  /** Appends at least one coordinate, at most {@code filler.missing()}. */
  void fill(ChunkFiller filler) throws IOException;

  /** As {@link io.flashlloyd.io.ChunkReader#storageNanos}. */
  default long storageNanos() {
    return -1;
  }
}
