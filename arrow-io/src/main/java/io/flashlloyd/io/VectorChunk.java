package io.flashlloyd.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Rows in one off-heap Arrow buffer, 64-byte aligned. Whoever holds a chunk owns it: close()
 * gives the memory back to the allocator, once, and no view may be used after that. Reading from
 * several threads is safe; closing is not safe beside reading.
 */
public final class VectorChunk implements AutoCloseable {
  /** A vector load, a cache line and a bulk copy to a device all like it. */
  static final int ALIGNMENT = 64;

  private final ArrowBuf buffer;
  private final ByteBuffer values;
  private final long firstRow;
  private final int rows;
  private final int dimension;
  private final ElementType type;
  private boolean closed;

  private VectorChunk(
      ArrowBuf buffer,
      ByteBuffer values,
      long firstRow,
      int rows,
      int dimension,
      ElementType type) {
    this.buffer = buffer;
    this.values = values;
    this.firstRow = firstRow;
    this.rows = rows;
    this.dimension = dimension;
    this.type = type;
  }

  /**
   * A chunk whose values are still undefined.
   *
   * @throws ChunkMemoryException when the allocator's limit does not allow it
   */
  public static VectorChunk allocate(
      BufferAllocator allocator, long firstRow, int rows, int dimension, ElementType type) {
    long bytes = (long) rows * dimension * type.bytes();
    if (rows < 1 || dimension < 1 || bytes > InputSpec.MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException(
          "Chunk of %d x %d %s is %d bytes (expected at least one value and at most %d bytes)"
              .formatted(rows, dimension, type, bytes, InputSpec.MAX_CHUNK_BYTES));
    }
    // Arrow promises 8 bytes and its Netty allocator gives 16 or 32, so the last step is ours.
    ArrowBuf buffer = ChunkAllocator.allocate(allocator, bytes + ALIGNMENT);
    long pad = -buffer.memoryAddress() & (ALIGNMENT - 1);
    ByteBuffer values = buffer.nioBuffer(pad, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new VectorChunk(buffer, values, firstRow, rows, dimension, type);
  }

  /** Global number of the first row. */
  public long firstRow() {
    return firstRow;
  }

  public int rows() {
    return rows;
  }

  public int dimension() {
    return dimension;
  }

  public ElementType type() {
    return type;
  }

  /** [rows x dimension], row-major, from position 0: a direct little-endian view, not a copy. */
  public ByteBuffer values() {
    return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of the values. */
  public long bytes() {
    return values.capacity();
  }

  /** The values as Arrow sees them, without what aligns them; for as long as the chunk lives. */
  ArrowBuf buffer() {
    return buffer.slice(-buffer.memoryAddress() & (ALIGNMENT - 1), values.capacity());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      buffer.close();
    }
  }
}
