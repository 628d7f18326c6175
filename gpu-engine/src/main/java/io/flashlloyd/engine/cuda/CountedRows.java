package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.exact.RowStatistics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What count_rows writes of a chunk, in host memory: the largest magnitudes, the lowest bits, the
 * bins of exponents, one behind the other.
 */
final class CountedRows {
  private static final int EXPONENTS = 256;

  /** What lowest bits are counted down from. */
  private static final int ABOVE_ALL = 256;

  private final int dimension;
  private final ByteBuffer found;

  CountedRows(int dimension) {
    this.dimension = dimension;
    this.found = ByteBuffer.allocate(bytes(dimension)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int bytes(int dimension) {
    return Math.multiplyExact(dimension, 8 + 4 + 4 * EXPONENTS);
  }

  long bytes() {
    return found.capacity();
  }

  /** Byte where the lowest bits begin. */
  int lowest() {
    return 8 * dimension;
  }

  /** Byte where the bins begin. */
  int bins() {
    return 12 * dimension;
  }

  /** Takes what {@link StagingRing#copyOut} brings. */
  void take(ByteBuffer piece, long offset) {
    found.put((int) offset, piece, 0, piece.remaining());
  }

  /** What was found of so many rows. */
  RowStatistics statistics(int rows, long firstRow) {
    long[] histogram = new long[dimension * EXPONENTS];
    int[] lowestBit = new int[dimension];
    float[] maxAbs = new float[dimension];
    long[] maxRow = new long[dimension];
    for (int i = 0; i < histogram.length; i++) {
      histogram[i] = Integer.toUnsignedLong(found.getInt(bins() + 4 * i));
    }
    for (int t = 0; t < dimension; t++) {
      int lowest = found.getInt(lowest() + 4 * t);
      lowestBit[t] = lowest == 0 ? Integer.MAX_VALUE : ABOVE_ALL - lowest;
      long largest = found.getLong(8 * t);
      maxAbs[t] = Float.intBitsToFloat((int) (largest >>> 32));
      maxRow[t] = largest == 0 ? 0 : firstRow + (~(int) largest);
    }
    return RowStatistics.counted(histogram, lowestBit, maxAbs, maxRow, rows);
  }
}
