package io.flashlloyd.engine;

import java.nio.DoubleBuffer;
import java.nio.IntBuffer;

/**
 * Where a pass writes what it found for each row of one chunk; owned by the caller, complete when
 * the future of {@link Pass#feed} is.
 *
 * @param assignments [rows] centroid index
 * @param distances [rows] squared canonical distance to that centroid; null for a pass that only
 *     assigns ({@link Sums#ASSIGNMENTS})
 */
public record RowOutputs(IntBuffer assignments, DoubleBuffer distances) {
  /** Heap buffers for {@code rows} rows. */
  public static RowOutputs allocate(int rows) {
    return new RowOutputs(IntBuffer.allocate(rows), DoubleBuffer.allocate(rows));
  }

  /** A heap buffer for the assignments of {@code rows} rows, without distances. */
  public static RowOutputs assignments(int rows) {
    return new RowOutputs(IntBuffer.allocate(rows), null);
  }
}
