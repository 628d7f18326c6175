package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/** Numbers of seven bits a byte, the lowest first; the eighth says that more follow. */
final class Varints {
  private Varints() {}

  static long unsigned(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than 64 bits");
  }

  /** 0, -1, 1, -2, ... as 0, 1, 2, 3, ... */
  static long zigzag(ByteBuffer in) {
    long value = unsigned(in);
    return value >>> 1 ^ -(value & 1);
  }

  /**
   * A count that something has to be there for.
   *
   * @param most as many as that can be
   */
  static int count(ByteBuffer in, int most) {
    long value = unsigned(in);
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          "a count is %d (expected at most %d)".formatted(value, most));
    }
    return (int) value;
  }
}
