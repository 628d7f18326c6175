package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/** Integers in DELTA_BINARY_PACKED. */
final class DeltaValues implements PageValues {
  private final DeltaNumbers numbers;
  private final int size;

  DeltaValues(ByteBuffer page, int size, int most) {
    this.numbers = new DeltaNumbers(page, most);
    this.size = size;
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    for (int i = 0; i < count; i++) {
      long value = numbers.next();
      if (size == Integer.BYTES) {
        target.putInt(at + i * Integer.BYTES, (int) value);
      } else {
        target.putLong(at + i * Long.BYTES, value);
      }
    }
  }
}
