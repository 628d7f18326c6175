package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/** Numbers that are stored as strings of bytes of one length. */
final class StringValues implements PageValues {
  private final ByteStrings strings;
  private final int size;

  StringValues(ByteStrings strings, int size) {
    this.strings = strings;
    this.size = size;
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    for (int i = 0; i < count; i++) {
      byte[] bytes = strings.next();
      if (bytes.length != size) {
        throw new IllegalArgumentException(
            "a value has %d bytes (expected %d)".formatted(bytes.length, size));
      }
      target.put(at + i * size, bytes);
    }
  }
}
