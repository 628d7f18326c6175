package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes, which Parquet stores as numbers of 32 bits whose type says that 8 are enough. */
final class ByteValues implements PageValues {
  private final PageValues stored;
  private final boolean signed;
  private ByteBuffer wide = ByteBuffer.allocate(0);

  ByteValues(PageValues stored, boolean signed) {
    this.stored = stored;
    this.signed = signed;
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    if (wide.capacity() / Integer.BYTES < count) {
      int bytes = Math.multiplyExact(count, Integer.BYTES);
      wide = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    stored.copy(wide, 0, count);
    int lost = 0;
    for (int i = 0; i < count; i++) {
      int value = wide.getInt(i * Integer.BYTES);
      lost |= value ^ (signed ? (byte) value : value & 0xff);
      target.put(at + i, (byte) value);
    }
    if (lost != 0) {
      throw new IllegalArgumentException(
          "A value of a list of %sint8 needs more than 8 bits".formatted(signed ? "" : "u"));
    }
  }
}
