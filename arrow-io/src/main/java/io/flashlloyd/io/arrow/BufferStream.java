package io.flashlloyd.io.arrow;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.hadoop.fs.FSDataInputStream;

/** One Arrow buffer as a stream, decompressed on the way, so that its size does not matter. */
final class BufferStream {
  /** Length that a compressed record batch gives a buffer it did not compress. */
  private static final long STORED = -1;

  private static final int READ_AHEAD = 1 << 18;

  /** A byte of an LZ4 block stands for at most 255, four of ZSTD for 128 KiB. */
  private static final int MOST_LZ4 = 256;

  private static final int MOST_ZSTD = 1 << 15;

  private BufferStream() {}

  /**
   * Opens a buffer; the file's stream must not be used otherwise until the result is closed,
   * which leaves it open.
   *
   * @param expectedBytes how many the column's length asks for, at least
   */
  static InputStream open(
      RecordBatchHeader header, int buffer, long expectedBytes, FSDataInputStream in)
      throws IOException {
    long stored = header.storedBytes(buffer);
    in.seek(header.position(buffer));
    if (!header.compressed() || stored == 0) {
      check(buffer, stored, expectedBytes);
      return new Bounded(in, stored);
    }
    byte[] prefix = new byte[Long.BYTES];
    in.readFully(prefix);
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    InputStream body = new Bounded(in, stored - Long.BYTES);
    if (length == STORED) {
      check(buffer, stored - Long.BYTES, expectedBytes);
      return body;
    }
    check(buffer, length, expectedBytes);
    if (length / mostRatio(header) > stored) {
      throw new IllegalArgumentException(
          "buffer %d says that its %d bytes hold %d".formatted(buffer, stored, length));
    }
    InputStream ahead = new BufferedInputStream(body, (int) Math.min(stored, READ_AHEAD));
    return switch (header.codec()) {
      case CompressionType.LZ4_FRAME -> new Lz4FrameStream(ahead, length);
      case CompressionType.ZSTD -> new ZstdInputStreamNoFinalizer(ahead);
      default ->
          throw new IllegalArgumentException(
              "compression codec %d (expected LZ4 frame or ZSTD)".formatted(header.codec()));
    };
  }

  /** How many bytes one stored byte holds at most. */
  static int mostRatio(RecordBatchHeader header) {
    if (!header.compressed()) {
      return 1;
    }
    return header.codec() == CompressionType.LZ4_FRAME ? MOST_LZ4 : MOST_ZSTD;
  }

  /** A buffer's first bytes, as a little-endian buffer. */
  static ByteBuffer read(RecordBatchHeader header, int buffer, long bytes, FSDataInputStream in)
      throws IOException {
    return ByteBuffer.wrap(readBytes(header, buffer, bytes, in)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A buffer's first bytes. */
  static byte[] readBytes(RecordBatchHeader header, int buffer, long bytes, FSDataInputStream in)
      throws IOException {
    try (InputStream stream = open(header, buffer, bytes, in)) {
      // Grows with what is really there: a compressed buffer may lie about its length.
      byte[] all = stream.readNBytes(Math.toIntExact(bytes));
      if (all.length < bytes) {
        throw new EOFException("a buffer ends %d bytes early".formatted(bytes - all.length));
      }
      return all;
    }
  }

  static void readFully(InputStream stream, byte[] target, int count) throws IOException {
    int read = stream.readNBytes(target, 0, count);
    if (read < count) {
      throw new EOFException("a buffer ends %d bytes early".formatted(count - read));
    }
  }

  private static void check(int buffer, long bytes, long expected) {
    if (bytes < expected) {
      throw new IllegalArgumentException(
          "buffer %d holds %d bytes, its column's length needs %d"
              .formatted(buffer, bytes, expected));
    }
  }

  /** The next bytes of a stream that stays open. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long bytes) {
      this.in = in;
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      left--;
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = in.read(target, offset, (int) Math.min(count, left));
      left -= Math.max(0, read);
      return read;
    }
  }
}
