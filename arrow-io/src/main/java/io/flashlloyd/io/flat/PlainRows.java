package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import java.io.InputStream;

/** Rows without anything between them: .npy and the .bin family. */
final class PlainRows implements RowSource {
  private final VectorSplit split;
  private final FlatBytes bytes;

  PlainRows(VectorSplit split, InputStream in) {
    this.split = split;
    this.bytes = new FlatBytes(split, split.source().bytes(), in);
  }

  @Override
  public void fill(ChunkFiller filler) throws IOException {
    int size = split.source().bytes();
    int count = Math.min(filler.missing(), bytes.capacity() / size);
    filler.append(bytes.read(count * size), 0, split.source(), count);
  }

  @Override
  public long storageNanos() {
    return bytes.nanos();
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
