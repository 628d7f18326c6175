package io.flashlloyd.io;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What rows held, so that they are known again when they are read anew.
 *
 * @param inOrder another one where a row changed, or changed places
 * @param anyOrder another one where a row changed; the sum of parts' is the whole's
 */
public record RowChecksum(long inOrder, long anyOrder) {
  /** Odd, its bits spread: 2^64 over the golden ratio. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /** Of rows whose values, and weights where there are some, lie one after another. */
  static RowChecksum of(int rows, ByteBuffer values, ByteBuffer weights) {
    int bytes = values.capacity() / rows;
    CRC32C crc = new CRC32C();
    long inOrder = 0;
    long anyOrder = 0;
    for (int row = 0; row < rows; row++) {
      crc.reset();
      crc.update(values.limit((row + 1) * bytes).position(row * bytes));
      if (weights != null) {
        crc.update(weights.limit((row + 1) * Long.BYTES).position(row * Long.BYTES));
      }
      long mixed = crc.getValue() * SPREAD;
      mixed ^= mixed >>> 29;
      inOrder = inOrder * SPREAD + mixed;
      anyOrder += mixed;
    }
    return new RowChecksum(inOrder, anyOrder);
  }
}
