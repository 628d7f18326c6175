package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.RowSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The rows of a split of a data set in chunks, unpacked as many at a time as a chunk has. */
final class Hdf5Rows implements RowSource {
  private final Hdf5File file;
  private final Hdf5Matrix matrix;
  private final long end;
  private long next;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private int taken;
  private long nanos;

  /** Owns the file. */
  Hdf5Rows(Hdf5File file, Hdf5Matrix matrix, VectorSplit split) throws VectorInputException {
    this.file = file;
    this.matrix = matrix;
    this.next = split.firstRowInFile();
    this.end = next + split.rows();
    if (matrix.rows() < end) {
      throw VectorInputException.inFile(
          split.uri(), "has fewer rows than when it was listed; it was replaced while being read");
    }
  }

  @Override
  public void fill(ChunkFiller filler) throws IOException {
    if (taken == window.capacity()) {
      load();
    }
    int size = matrix.source().bytes();
    int count = Math.min(filler.missing(), (window.capacity() - taken) / size);
    filler.append(window, taken, matrix.source(), count);
    taken += count * size;
  }

  /** Up to the next chunk's end, so that no chunk is unpacked twice in a row. */
  private void load() throws IOException {
    long start = System.nanoTime();
    try {
      int together = matrix.rowsTogether();
      int count = (int) Math.min(end - next, together - next % together);
      window = matrix.read(next, count).slice().order(ByteOrder.LITTLE_ENDIAN);
      long bytes = count * matrix.dimension() * matrix.source().bytes();
      if (window.capacity() < bytes) {
        throw new IllegalArgumentException(
            "%d bytes where %d rows need %d".formatted(window.capacity(), count, bytes));
      }
      next += count;
    } catch (RuntimeException e) {
      throw Hdf5File.damaged(file.uri(), e);
    }
    taken = 0;
    nanos += System.nanoTime() - start;
  }

  @Override
  public long storageNanos() {
    return nanos;
  }

  @Override
  public void close() {
    file.close();
  }
}
