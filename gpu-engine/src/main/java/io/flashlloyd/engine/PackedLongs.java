package io.flashlloyd.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Longs in as few bytes as each run of {@value #RUN} of them needs: a byte that says how many, 0 to
 * 8, then the low bytes of each, little-endian, two's complement. Sums of whole numbers take two or
 * three bytes where longs take eight, those of clusters that nothing was added to none.
 */
final class PackedLongs {
  /** Longs of one width. */
  private static final int RUN = 64;

  private PackedLongs() {}

  /** A buffer for {@code count} packed values at a time; values are written and read beyond. */
  static ByteBuffer buffer(int count) {
    int runs = (count + RUN - 1) / RUN;
    return ByteBuffer.allocate(runs + count * Long.BYTES + Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Packs values [from, to) into the beginning of the buffer; returns the bytes they take. */
  static int pack(long[] values, int from, int to, ByteBuffer into) {
    int at = 0;
    for (int first = from; first < to; first += RUN) {
      int end = Math.min(first + RUN, to);
      int width = width(values, first, end);
      into.put(at++, (byte) width);
      if (width > 0) {
        for (int i = first; i < end; i++) {
          into.putLong(at, values[i]); // what is beyond its width is written over
          at += width;
        }
      }
    }
    return at;
  }

  private static int width(long[] values, int from, int to) {
    long any = 0;
    long magnitudes = 0;
    for (int i = from; i < to; i++) {
      long value = values[i];
      any |= value;
      magnitudes |= value ^ value >> 63;
    }
    // A bit more than the magnitude has, for the sign.
    return any == 0 ? 0 : (Long.SIZE - Long.numberOfLeadingZeros(magnitudes)) / Byte.SIZE + 1;
  }

  /** Unpacks values [from, to), zeros so far, from the beginning of the buffer. */
  static void unpack(ByteBuffer packed, long[] values, int from, int to) {
    int at = 0;
    for (int first = from; first < to; first += RUN) {
      int end = Math.min(first + RUN, to);
      int width = packed.get(at++);
      if (width > 0) {
        int beyond = Long.SIZE - Byte.SIZE * width;
        for (int i = first; i < end; i++) {
          values[i] = packed.getLong(at) << beyond >> beyond;
          at += width;
        }
      }
    }
  }
}
