package io.flashlloyd.io.source;

import io.flashlloyd.io.ChunkReader;
import io.flashlloyd.io.VectorChunk;
import java.io.IOException;

/** A {@link RowSource} cut into chunks. Owns both. */
public final class FillingChunkReader implements ChunkReader {
  private final RowSource source;
  private final ChunkFiller filler;

  public FillingChunkReader(RowSource source, ChunkFiller filler) {
    this.source = source;
    this.filler = filler;
  }

  @Override
  public VectorChunk next() throws IOException {
    if (!filler.begin()) {
      return null;
    }
    while (filler.missing() > 0) {
      source.fill(filler);
    }
    return filler.take();
  }

  @Override
  public long storageNanos() {
    return source.storageNanos();
  }

  @Override
  public void close() throws IOException {
    filler.close();
    source.close();
  }
}
