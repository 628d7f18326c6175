package io.flashlloyd.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Rows in host memory, as an engine takes them: a view, never a copy. The caller owns the memory
 * and keeps it alive and unchanged until the engine says that it is done with it.
 *
 * @param values [rows x dimension] of {@code type}, row-major, little-endian, from position 0; a
 *     direct buffer of at most 2 GiB
 * @param weights [rows], each at least 0, or null where every row counts once
 */
public record HostRows(
    ByteBuffer values, int rows, int dimension, ElementType type, LongBuffer weights) {
  public HostRows {
    if (rows < 0 || dimension < 1) {
      throw new IllegalArgumentException(
          "Rows have shape " + rows + " x " + dimension + " (expected rows >= 0, dimension >= 1)");
    }
    long bytes = (long) rows * dimension * type.bytes();
    if (values.capacity() < bytes) {
      throw new IllegalArgumentException(
          "Buffer of %d bytes cannot hold %d x %d %s rows (expected at least %d bytes)"
              .formatted(values.capacity(), rows, dimension, type, bytes));
    }
    if (!values.isDirect()) {
      throw new IllegalArgumentException(
          "Rows are in a heap buffer (expected a direct one: allocate it with allocateDirect)");
    }
    if (weights != null && weights.capacity() < rows) {
      throw new IllegalArgumentException(
          "Weights hold "
              + weights.capacity()
              + " values (expected one for each of "
              + rows
              + " rows)");
    }
    values = values.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rows that all count once. */
  public HostRows(ByteBuffer values, int rows, int dimension, ElementType type) {
    this(values, rows, dimension, type, null);
  }

  /** Coordinate {@code t} of row {@code row}. */
  public float get(int row, int t) {
    return type.get(values, row * dimension + t);
  }

  /** Writes row {@code row} as float32 to {@code into}, [dimension]. */
  public void copyRow(int row, float[] into) {
    copyRows(row, 1, into);
  }

  /** Writes rows [first, first + count) as float32 to {@code into}, [count x dimension]. */
  public void copyRows(int first, int count, float[] into) {
    type.copy(values, first * dimension, into, count * dimension);
  }

  /** What row {@code row} counts: its weight, or 1. */
  public long weight(int row) {
    return weights == null ? 1 : weights.get(row);
  }
}
