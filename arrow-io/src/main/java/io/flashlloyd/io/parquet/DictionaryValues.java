package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;
import java.util.Objects;

/** Indices into a dictionary of numbers. */
final class DictionaryValues implements PageValues {
  private final ByteBuffer dictionary;
  private final int size;
  private final int entries;
  private final RunLengths indices;

  /**
   * @param dictionary PLAIN values, little-endian, from position 0
   * @param page bit width, then the indices, from its position
   * @param most values there can be
   */
  DictionaryValues(ByteBuffer dictionary, int size, ByteBuffer page, int most) {
    this.dictionary = dictionary;
    this.size = size;
    this.entries = dictionary.limit() / size;
    int width = page.get() & 0xff;
    this.indices = new RunLengths(page, width, most);
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    if (size == Short.BYTES) {
      for (int i = 0; i < count; i++) {
        target.putShort(at + i * 2, dictionary.getShort(index() * 2));
      }
    } else if (size == Integer.BYTES) {
      for (int i = 0; i < count; i++) {
        target.putInt(at + i * 4, dictionary.getInt(index() * 4));
      }
    } else {
      for (int i = 0; i < count; i++) {
        target.putLong(at + i * 8, dictionary.getLong(index() * 8));
      }
    }
  }

  private int index() {
    return Objects.checkIndex(indices.next(), entries);
  }
}
