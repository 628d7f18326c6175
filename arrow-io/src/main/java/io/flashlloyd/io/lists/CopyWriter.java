package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.BesideFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/**
 * Rows for PostgreSQL's {@code COPY ... WITH (FORMAT binary)}: an id (bigint or text), the cluster
 * (integer) and the row as pgvector's {@code vector}. Big-endian, as that format is.
 *
 * <p>The file is written beside its place. {@link #commit()} puts it there; close() without commit
 * leaves nothing behind. One thread.
 */
public final class CopyWriter implements AutoCloseable {
  /** What pgvector's vector type can hold. */
  public static final int MOST_DIMENSION = 16_000;

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int FLAGS_AND_EXTENSION = 8;
  private static final short COLUMNS = 3;
  private static final short END = -1;

  private static final int BUFFER = 1 << 16;

  private final int dimension;
  private final BesideFile file;
  private final OutputStream out;

  /** What goes out at once: rows and a bit more. */
  private final ByteBuffer buffer;

  private boolean closed;

  private CopyWriter(BesideFile file, int dimension) throws IOException {
    this.dimension = dimension;
    this.file = file;
    this.out = file.create();
    this.buffer = ByteBuffer.allocate(Math.max(BUFFER, rowBytes(Long.BYTES)));
    buffer.put(SIGNATURE).put(new byte[FLAGS_AND_EXTENSION]);
  }

  /** Columns; lengths and values of id, cluster and vector, which begins with its dimension. */
  private int rowBytes(int idBytes) {
    return Short.BYTES + 5 * Integer.BYTES + idBytes + dimension * Float.BYTES;
  }

  /**
   * Starts a file that will be {@code uri}.
   *
   * @throws IllegalArgumentException for vectors that pgvector cannot hold
   */
  public static CopyWriter open(String uri, Configuration hadoop, int dimension)
      throws IOException {
    if (dimension > MOST_DIMENSION) {
      throw new IllegalArgumentException(
          "Vectors of dimension %d do not fit pgvector's type (expected at most %d)"
              .formatted(dimension, MOST_DIMENSION));
    }
    return new CopyWriter(new BesideFile(uri, hadoop), dimension);
  }

  /** Appends a row with a bigint id. */
  public void add(long id, int cluster, float[] vector) throws IOException {
    need(rowBytes(Long.BYTES)).putShort(COLUMNS).putInt(Long.BYTES).putLong(id);
    addTail(cluster, vector);
  }

  /**
   * Appends a row with a text id.
   *
   * @throws IllegalArgumentException for an id that PostgreSQL cannot hold
   */
  public void add(String id, int cluster, float[] vector) throws IOException {
    if (id.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          ("Id '%s' has a NUL character (expected none: PostgreSQL's text cannot hold it); rename"
                  + " the row, or export with another id column")
              .formatted(id));
    }
    byte[] text = id.getBytes(StandardCharsets.UTF_8);
    need(Short.BYTES + Integer.BYTES).putShort(COLUMNS).putInt(text.length);
    for (int done = 0; done < text.length; ) {
      int now = Math.min(text.length - done, need(1).remaining());
      buffer.put(text, done, now);
      done += now;
    }
    need(rowBytes(0));
    addTail(cluster, vector);
  }

  private void addTail(int cluster, float[] vector) {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "A row has dimension %d (expected %d)".formatted(vector.length, dimension));
    }
    buffer.putInt(Integer.BYTES).putInt(cluster);
    buffer.putInt(2 * Short.BYTES + dimension * Float.BYTES);
    buffer.putShort((short) dimension).putShort((short) 0);
    buffer.asFloatBuffer().put(vector);
    buffer.position(buffer.position() + dimension * Float.BYTES);
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
    need(Short.BYTES).putShort(END);
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
