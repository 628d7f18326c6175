package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Rows that each start with their dimension. */
final class VecsRows implements RowSource {
  /** The i32 dimension before a row's values. */
  static final int PREFIX = 4;

  private final VectorSplit split;
  private final int dimension;
  private final int stride;
  private final FlatBytes bytes;

  VecsRows(VectorSplit split, int dimension, InputStream in) {
    this.split = split;
    this.dimension = dimension;
    this.stride = Math.addExact(PREFIX, Math.multiplyExact(dimension, split.source().bytes()));
    this.bytes = new FlatBytes(split, stride, in);
  }

  @Override
  public void fill(ChunkFiller filler) throws IOException {
    int rows = Math.min(filler.missing() / dimension, bytes.capacity() / stride);
    ByteBuffer window = bytes.read(rows * stride);
    for (int row = 0; row < rows; row++) {
      int actual = window.getInt(row * stride);
      if (actual != dimension) {
        throw VectorInputException.ragged(split.uri(), filler.rowInFile(), actual, dimension);
      }
      filler.append(window, row * stride + PREFIX, split.source(), dimension);
    }
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
