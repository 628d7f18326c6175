package io.flashlloyd.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Rows in one off-heap Arrow buffer, 64-byte aligned, and behind them a weight for each where rows
 * have weights. Whoever holds a chunk owns it: close() gives the memory back to the allocator,
 * once, and no view may be used after that. Reading from several threads is safe; closing is not
 * safe beside reading.
 */
public final class VectorChunk implements AutoCloseable {
  /** A vector load, a cache line and a bulk copy to a device all like it. */
  static final int ALIGNMENT = 64;

  private final ArrowBuf buffer;
  private final ByteBuffer values;
  private final ByteBuffer weights;
  private final long firstRow;
  private final int rows;
  private final int dimension;
  private final ElementType type;
  private boolean closed;

  private VectorChunk(
      ArrowBuf buffer,
      ByteBuffer values,
      ByteBuffer weights,
      long firstRow,
      int rows,
      int dimension,
      ElementType type) {
    this.buffer = buffer;
    this.values = values;
    this.weights = weights;
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
    return allocate(allocator, firstRow, rows, dimension, type, 0);
  }

  /** A chunk of float32 rows with weights, both still undefined. */
  static VectorChunk allocateWeighted(
      BufferAllocator allocator, long firstRow, int rows, int dimension) {
    return allocate(allocator, firstRow, rows, dimension, ElementType.FLOAT32, Long.BYTES);
  }

  private static VectorChunk allocate(
      BufferAllocator allocator,
      long firstRow,
      int rows,
      int dimension,
      ElementType type,
      int weightBytes) {
    long bytes = (long) rows * dimension * type.bytes();
    if (rows < 1 || dimension < 1 || bytes > InputSpec.MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException(
          "Chunk of %d x %d %s is %d bytes (expected at least one value and at most %d bytes)"
              .formatted(rows, dimension, type, bytes, InputSpec.MAX_CHUNK_BYTES));
    }
    // Arrow promises 8 bytes and its Netty allocator gives 16 or 32, so the last step is ours.
    long behind = behind(bytes);
    int allWeightBytes = Math.multiplyExact(rows, weightBytes);
    ArrowBuf buffer = ChunkAllocator.allocate(allocator, behind + allWeightBytes + ALIGNMENT);
    long pad = -buffer.memoryAddress() & (ALIGNMENT - 1);
    ByteBuffer values = buffer.nioBuffer(pad, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer weights =
        weightBytes == 0
            ? null
            : buffer.nioBuffer(pad + behind, allWeightBytes).order(ByteOrder.LITTLE_ENDIAN);
    return new VectorChunk(buffer, values, weights, firstRow, rows, dimension, type);
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

  /** [rows] what each row counts, from position 0: a view; null where every row counts once. */
  public LongBuffer weights() {
    return weights == null ? null : weightBytes().asLongBuffer();
  }

  /** The same as bytes. */
  ByteBuffer weightBytes() {
    return weights.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of the values and weights. */
  public long bytes() {
    return (long) values.capacity() + (weights == null ? 0 : weights.capacity());
  }

  /** Of the values and weights. */
  public RowChecksum checksum() {
    return RowChecksum.of(rows, values(), weights == null ? null : weightBytes());
  }

  /** The values as Arrow sees them, without what aligns them; for as long as the chunk lives. */
  ArrowBuf buffer() {
    return buffer.slice(-buffer.memoryAddress() & (ALIGNMENT - 1), values.capacity());
  }

  /** The weights as Arrow sees them; null where there are none. */
  ArrowBuf weightBuffer() {
    if (weights == null) {
      return null;
    }
    long pad = -buffer.memoryAddress() & (ALIGNMENT - 1);
    return buffer.slice(pad + behind(values.capacity()), weights.capacity());
  }

  /** Where what is aligned as values are begins behind them. */
  private static long behind(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      buffer.close();
    }
  }
}
