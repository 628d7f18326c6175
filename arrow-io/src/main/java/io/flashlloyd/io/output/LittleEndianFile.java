package io.flashlloyd.io.output;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/**
 * A file of little-endian values, written in order, of any length, that appears whole at {@link
 * #commit()}; close() without it leaves nothing. Object stores cannot seek, so it cannot either.
 * One thread.
 */
public final class LittleEndianFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final BesideFile file;
  private final OutputStream out;
  private boolean closed;

  /** Starts a file that will be {@code uri}. */
  public LittleEndianFile(String uri, Configuration hadoop) throws IOException {
    this.file = new BesideFile(uri, hadoop);
    this.out = file.create();
  }

  public void putByte(int value) throws IOException {
    need(Byte.BYTES).put((byte) value);
  }

  public void putShort(int value) throws IOException {
    need(Short.BYTES).putShort((short) value);
  }

  public void putInt(int value) throws IOException {
    need(Integer.BYTES).putInt(value);
  }

  public void putLong(long value) throws IOException {
    need(Long.BYTES).putLong(value);
  }

  /** One byte for each character. */
  public void putAscii(String text) throws IOException {
    flush();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Values {@code from} to {@code from + count}. */
  public void putFloats(float[] values, int from, int count) throws IOException {
    int done = 0;
    while (done < count) {
      need(Float.BYTES);
      int now = Math.min(count - done, buffer.remaining() / Float.BYTES);
      buffer.asFloatBuffer().put(values, from + done, now);
      buffer.position(buffer.position() + now * Float.BYTES);
      done += now;
    }
  }

  /** Bytes {@code from} to {@code from + count}, as they are. */
  public void putBytes(byte[] bytes, int from, int count) throws IOException {
    if (count > buffer.capacity()) {
      flush();
      out.write(bytes, from, count);
    } else {
      need(count).put(bytes, from, count);
    }
  }

  /** All that the stream has left. */
  public void putAll(InputStream bytes) throws IOException {
    flush();
    bytes.transferTo(out);
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    out.write(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  /** Finishes the file and puts it in its place, over an older one. */
  public void commit() throws IOException {
    flush();
    closed = true;
    out.close();
    file.commit();
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (!closed) {
        closed = true;
        out.close();
      }
    }
  }
}
