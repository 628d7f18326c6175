package io.flashlloyd.io;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Rows that come one by one, as a DataFrame's do, into float32 chunks of bounded size:
 *
 * <pre>
 *   builder.add(row);
 *   VectorChunk full = builder.takeIfFull();   // null until a chunk is full
 *   ...
 *   VectorChunk last = builder.finish();       // null when nothing is left
 * </pre>
 *
 * Owns the chunk being built; taken chunks are the caller's. close() frees what was not taken. One
 * thread.
 */
public final class ChunkBuilder implements AutoCloseable {
  /** A small input should not take a whole chunk; growing from here costs one copy in all. */
  private static final long FIRST_BYTES = 1 << 20;

  private final BufferAllocator allocator;
  private final String subject;
  private final int dimension;
  private final int maxRows;
  private long firstRow;
  private VectorChunk chunk;
  private ByteBuffer values;
  private LongBuffer weights;
  private boolean weighted;
  private int rows;
  private long skipped;

  /**
   * @param firstRow global number of the first row that is added
   */
  public ChunkBuilder(BufferAllocator allocator, int dimension, long chunkBytes, long firstRow) {
    this(allocator, dimension, chunkBytes, firstRow, "input");
  }

  /**
   * @param subject what errors call the rows' origin, such as {@code "column features"}
   */
  public ChunkBuilder(
      BufferAllocator allocator, int dimension, long chunkBytes, long firstRow, String subject) {
    if (dimension < 1 || chunkBytes < 1 || chunkBytes > InputSpec.MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException(
          "Dimension %d and chunks of %d bytes (expected at least 1, and at most %d bytes)"
              .formatted(dimension, chunkBytes, InputSpec.MAX_CHUNK_BYTES));
    }
    this.allocator = allocator;
    this.subject = subject;
    this.dimension = dimension;
    this.maxRows = (int) Math.max(1, chunkBytes / rowBytes());
    this.firstRow = firstRow;
  }

  /**
   * Appends a row.
   *
   * @param row [dimension]
   * @throws VectorInputException when it has another length or a value that is not finite
   * @throws IllegalStateException when the chunk is full and was not taken
   */
  public void add(float[] row) throws VectorInputException {
    check(row);
    int at = begin(row.length);
    for (int t = 0; t < dimension; t++) {
      values.putFloat(at + t * Float.BYTES, row[t]);
    }
    rows++;
  }

  /**
   * Appends a row with what it counts; a builder's rows have weights all or none.
   *
   * @param weight above 0
   */
  public void add(float[] row, long weight) throws VectorInputException {
    weighted = true;
    add(row);
    weights.put(rows - 1, weight);
  }

  /** Checks a row as {@link #add} does and leaves it out; row numbers go on as if it were there. */
  public void skip(float[] row) throws VectorInputException {
    check(row);
    skipped++;
  }

  private void check(float[] row) throws VectorInputException {
    if (row.length != dimension) {
      throw VectorInputException.ragged(subject, nextRow(), row.length, dimension);
    }
    for (int t = 0; t < dimension; t++) {
      if (!Float.isFinite(row[t])) {
        throw notFinite(t, Float.toString(row[t]));
      }
    }
  }

  /** Appends a row, narrowed to float32. */
  public void add(double[] row) throws VectorInputException {
    int at = begin(row.length);
    for (int t = 0; t < dimension; t++) {
      float value = (float) row[t];
      if (!Float.isFinite(value)) {
        throw notFinite(t, Double.toString(row[t]));
      }
      values.putFloat(at + t * Float.BYTES, value);
    }
    rows++;
  }

  /** The chunk if it is full, now the caller's, or null. */
  public VectorChunk takeIfFull() {
    return rows == maxRows ? take() : null;
  }

  /** The rows that are left, now the caller's, or null when there are none. */
  public VectorChunk finish() {
    return rows == 0 ? null : take();
  }

  /** Global number of the next row. */
  public long nextRow() {
    return firstRow + rows + skipped;
  }

  private long rowBytes() {
    return (long) dimension * Float.BYTES;
  }

  private int begin(int length) throws VectorInputException {
    if (length != dimension) {
      throw VectorInputException.ragged(subject, nextRow(), length, dimension);
    }
    if (rows == maxRows) {
      throw new IllegalStateException("Chunk of %d rows is full: take it first".formatted(rows));
    }
    if (chunk == null) {
      resize((int) Math.min(maxRows, Math.max(1, FIRST_BYTES / rowBytes())));
    } else if (rows == chunk.rows()) {
      resize((int) Math.min(maxRows, 2L * rows));
    }
    return rows * dimension * Float.BYTES;
  }

  private void resize(int capacity) {
    VectorChunk larger =
        weighted
            ? VectorChunk.allocateWeighted(allocator, firstRow, capacity, dimension)
            : VectorChunk.allocate(allocator, firstRow, capacity, dimension, ElementType.FLOAT32);
    ByteBuffer target = larger.values();
    LongBuffer targetWeights = larger.weights();
    if (chunk != null) {
      target.put(0, values, 0, (int) (rows * rowBytes()));
      if (weighted) {
        targetWeights.put(0, weights, 0, rows);
      }
      chunk.close();
    }
    chunk = larger;
    values = target;
    weights = targetWeights;
  }

  private VectorChunk take() {
    if (chunk.rows() > rows) {
      resize(rows);
    }
    VectorChunk full = chunk;
    firstRow = nextRow();
    rows = 0;
    skipped = 0;
    chunk = null;
    values = null;
    weights = null;
    return full;
  }

  private VectorInputException notFinite(int column, String value) {
    return VectorInputException.inCell(
        subject,
        nextRow(),
        column,
        "the value is %s (expected a finite float32); drop or repair the row".formatted(value));
  }

  @Override
  public void close() {
    if (chunk != null) {
      chunk.close();
      chunk = null;
      rows = 0;
    }
  }
}
