package io.flashlloyd.io.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.FSDataInputStream;

/** Bitmaps of what is there. */
final class Validity {
  private Validity() {}

  /** The first row that is null, or -1. */
  static long firstNull(RecordBatchHeader header, RecordBatchHeader.Slot slot, FSDataInputStream in)
      throws IOException {
    return header.nulls(slot.node()) == 0
        ? -1
        : firstUnset(header, slot.buffer(), 0, header.length(slot.node()), in);
  }

  /** Index, from {@code first}, of the first bit that is not set in a validity bitmap, or -1. */
  static long firstUnset(
      RecordBatchHeader header, int buffer, long first, long count, FSDataInputStream in)
      throws IOException {
    ByteBuffer bits = BufferStream.read(header, buffer, (first + count + 7) / 8, in);
    for (long i = 0; i < count; i++) {
      long bit = first + i;
      if ((bits.get((int) (bit >>> 3)) >>> (bit & 7) & 1) == 0) {
        return i;
      }
    }
    return -1;
  }
}
