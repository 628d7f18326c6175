package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.BesideFile;
import java.io.BufferedOutputStream;
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
  private final ByteBuffer tail;
  private boolean closed;

  private CopyWriter(BesideFile file, int dimension) throws IOException {
    this.dimension = dimension;
    this.file = file;
    this.out = new BufferedOutputStream(file.create(), BUFFER);
    // After the id: length and cluster, length and vector (its dimension, two bytes unused,
    // values).
    this.tail = ByteBuffer.allocate(3 * Integer.BYTES + Integer.BYTES + dimension * Float.BYTES);
    out.write(SIGNATURE);
    out.write(new byte[FLAGS_AND_EXTENSION]);
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
    ByteBuffer head = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + Long.BYTES);
    out.write(head.putShort(COLUMNS).putInt(Long.BYTES).putLong(id).array());
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
    ByteBuffer head = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + text.length);
    out.write(head.putShort(COLUMNS).putInt(text.length).put(text).array());
    addTail(cluster, vector);
  }

  private void addTail(int cluster, float[] vector) throws IOException {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "A row has dimension %d (expected %d)".formatted(vector.length, dimension));
    }
    tail.clear();
    tail.putInt(Integer.BYTES).putInt(cluster);
    tail.putInt(2 * Short.BYTES + dimension * Float.BYTES);
    tail.putShort((short) dimension).putShort((short) 0);
    tail.asFloatBuffer().put(vector);
    out.write(tail.array());
  }

  /** Finishes the file and puts it in its place, over an older one. */
  public void commit() throws IOException {
    out.write(ByteBuffer.allocate(Short.BYTES).putShort(END).array());
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
