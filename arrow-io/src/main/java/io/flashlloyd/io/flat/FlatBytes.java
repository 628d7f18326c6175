package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a split, a window at a time, in order. One thread. */
final class FlatBytes implements Closeable {
  /** Large enough for the file system to stream, small enough to stay in the second-level cache. */
  private static final int WINDOW = 1 << 20;

  private final VectorSplit split;
  private final InputStream in;
  private final byte[] window;
  private final ByteBuffer view;
  private long nanos;

  /** Takes the split's bytes from a stream, which it owns. */
  FlatBytes(VectorSplit split, int rowBytes, InputStream in) {
    this.split = split;
    this.window = new byte[Math.max(rowBytes, WINDOW)];
    this.view = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
    this.in = in;
  }

  /** Most bytes that {@link #read} takes. */
  int capacity() {
    return window.length;
  }

  /** The next {@code count} bytes, from position 0 of a little-endian view that is reused. */
  ByteBuffer read(int count) throws IOException {
    long start = System.nanoTime();
    try {
      if (in.readNBytes(window, 0, count) < count) {
        throw truncated();
      }
      nanos += System.nanoTime() - start;
    } catch (IOException e) {
      throw SourceFile.explain(split.uri(), e);
    }
    return view;
  }

  /** Nanoseconds spent in {@link #read}. */
  long nanos() {
    return nanos;
  }

  private VectorInputException truncated() {
    return new VectorInputException(
        "%s: ends within rows %d to %d; it has become shorter since it was listed"
            .formatted(
                split.uri(), split.firstRowInFile(), split.firstRowInFile() + split.rows() - 1));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
