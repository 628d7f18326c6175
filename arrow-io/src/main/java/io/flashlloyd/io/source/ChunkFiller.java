package io.flashlloyd.io.source;

import io.flashlloyd.io.ElementType;
import io.flashlloyd.io.VectorChunk;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Turns a stream of coordinates into the chunks of one split. A {@link RowSource} appends; the
 * reader takes each chunk when it is full. Owns the chunk being filled until it is taken. One
 * thread.
 */
public final class ChunkFiller implements AutoCloseable {
  private final BufferAllocator allocator;
  private final VectorSplit split;
  private final int dimension;
  private final ElementType type;
  private final int chunkRows;
  private long rowsTaken;
  private VectorChunk chunk;
  private ByteBuffer target;
  private int filled;

  /**
   * Fills chunks with the rows of one split.
   *
   * @param allocator gives the chunks' memory; each chunk is its taker's to close
   * @param chunkBytes bound on a chunk's values
   */
  public ChunkFiller(
      BufferAllocator allocator,
      VectorSplit split,
      int dimension,
      ElementType type,
      long chunkBytes) {
    this.allocator = allocator;
    this.split = split;
    this.dimension = dimension;
    this.type = type;
    this.chunkRows = rowsPerChunk(dimension, type, chunkBytes);
  }

  /** Rows that a chunk of that many bytes holds: at least one. */
  public static int rowsPerChunk(int dimension, ElementType type, long chunkBytes) {
    return (int) Math.max(1, chunkBytes / ((long) dimension * type.bytes()));
  }

  /** Starts the next chunk; false when the split's rows are all taken. */
  boolean begin() {
    long left = split.rows() - rowsTaken;
    if (left == 0) {
      return false;
    }
    int rows = (int) Math.min(left, chunkRows);
    chunk = VectorChunk.allocate(allocator, split.firstRow() + rowsTaken, rows, dimension, type);
    target = chunk.values();
    filled = 0;
    return true;
  }

  /** Coordinates that the chunk being filled still lacks. */
  public int missing() {
    return chunk.rows() * dimension - filled;
  }

  public int dimension() {
    return dimension;
  }

  /** Number, within the file, of the row that the next coordinate belongs to. */
  public long rowInFile() {
    return split.firstRowInFile() + rowsTaken + filled / dimension;
  }

  /**
   * Appends coordinates, at most {@link #missing()}.
   *
   * @param from little-endian, [count] of {@code source} from byte {@code at}
   * @throws VectorInputException with row and column, when one is not a finite float32
   */
  public void append(ByteBuffer from, int at, SourceType source, int count)
      throws VectorInputException {
    int bad = ElementCopy.copy(from, at, source, target, filled * type.bytes(), type, count);
    if (bad >= 0) {
      int element = filled + bad;
      throw VectorInputException.inCell(
          split.uri(),
          split.firstRowInFile() + rowsTaken + element / dimension,
          element % dimension,
          "the value is " + ElementCopy.describe(from, at + bad * source.bytes(), source));
    }
    filled += count;
  }

  /** The full chunk, now the caller's. */
  VectorChunk take() {
    VectorChunk full = chunk;
    rowsTaken += full.rows();
    chunk = null;
    target = null;
    return full;
  }

  @Override
  public void close() {
    if (chunk != null) {
      chunk.close();
      chunk = null;
    }
  }
}
