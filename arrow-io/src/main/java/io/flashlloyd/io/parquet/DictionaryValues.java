package io.flashlloyd.io.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;

/** Indices into a dictionary of numbers. */
final class DictionaryValues implements PageValues {
  private final ByteBuffer dictionary;
  private final int size;
  private final RunLengthBitPackingHybridDecoder indices;

  /**
   * @param dictionary PLAIN values, little-endian
   * @param page bit width, then the indices
   */
  DictionaryValues(ByteBuffer dictionary, int size, ByteBuffer page) {
    this.dictionary = dictionary;
    this.size = size;
    int width = page.get() & 0xff;
    this.indices =
        new RunLengthBitPackingHybridDecoder(width, ByteBufferInputStream.wrap(page.slice()));
  }

  @Override
  public void copy(ByteBuffer target, int at, int count) {
    try {
      if (size == Short.BYTES) {
        for (int i = 0; i < count; i++) {
          target.putShort(at + i * 2, dictionary.getShort(indices.readInt() * 2));
        }
      } else if (size == Integer.BYTES) {
        for (int i = 0; i < count; i++) {
          target.putInt(at + i * 4, dictionary.getInt(indices.readInt() * 4));
        }
      } else {
        for (int i = 0; i < count; i++) {
          target.putLong(at + i * 8, dictionary.getLong(indices.readInt() * 8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
