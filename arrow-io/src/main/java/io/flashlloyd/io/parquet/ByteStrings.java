package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.column.Encoding;

/** Strings of bytes, in order; no length is believed before the bytes are seen to be there. */
interface ByteStrings {
  /** The next one, which has to be there. */
  byte[] next();

  /**
   * Those of a page.
   *
   * @param page from its position, little-endian
   * @param length bytes of each, or 0 where each says its own
   * @param most strings there can be
   * @param dictionary or null
   */
  static ByteStrings of(
      Encoding encoding, ByteBuffer page, int length, int most, byte[][] dictionary) {
    if (encoding.usesDictionary()) {
      if (dictionary == null) {
        throw new IllegalArgumentException("a page refers to a dictionary that is not there");
      }
      int width = page.get() & 0xff;
      RunLengths indices = new RunLengths(page, width, most);
      return () -> dictionary[indices.next()];
    }
    return switch (encoding) {
      case PLAIN -> () -> take(page, length > 0 ? length : page.getInt());
      case DELTA_LENGTH_BYTE_ARRAY -> new Suffixes(page, null, lengths(page, most));
      case DELTA_BYTE_ARRAY -> new Suffixes(page, lengths(page, most), lengths(page, most));
      case BYTE_STREAM_SPLIT -> {
        StreamSplitValues values = new StreamSplitValues(page, length);
        yield () -> {
          byte[] one = new byte[length];
          values.copy(ByteBuffer.wrap(one), 0, 1);
          return one;
        };
      }
      default -> throw new IllegalArgumentException("strings encoded as " + encoding);
    };
  }

  /** A PLAIN dictionary of {@code count} strings. */
  static byte[][] dictionary(ByteBuffer page, int length, int count) {
    if (count < 0 || count > page.remaining() / (length > 0 ? length : Integer.BYTES)) {
      throw new IllegalArgumentException(
          "a dictionary of %d strings in %d bytes".formatted(count, page.remaining()));
    }
    byte[][] strings = new byte[count][];
    for (int i = 0; i < count; i++) {
      strings[i] = take(page, length > 0 ? length : page.getInt());
    }
    return strings;
  }

  private static byte[] take(ByteBuffer page, int length) {
    if (length < 0 || length > page.remaining()) {
      throw new IllegalArgumentException(
          "a string has %d of %d bytes".formatted(length, page.remaining()));
    }
    byte[] bytes = new byte[length];
    page.get(bytes);
    return bytes;
  }

  private static int[] lengths(ByteBuffer page, int most) {
    DeltaNumbers numbers = new DeltaNumbers(page, most);
    int[] lengths = new int[numbers.count()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = Math.toIntExact(numbers.next());
    }
    return lengths;
  }

  /** Strings that start as the one before does, where {@code prefixes} says how far. */
  final class Suffixes implements ByteStrings {
    private final ByteBuffer page;
    private final int[] prefixes;
    private final int[] lengths;
    private byte[] previous = new byte[0];
    private int taken;

    private Suffixes(ByteBuffer page, int[] prefixes, int[] lengths) {
      this.page = page;
      this.prefixes = prefixes;
      this.lengths = lengths;
    }

    @Override
    public byte[] next() {
      int prefix = prefixes == null ? 0 : prefixes[taken];
      int length = lengths[taken++];
      if (prefix < 0 || prefix > previous.length || length < 0 || length > page.remaining()) {
        throw new IllegalArgumentException(
            "a string has %d bytes of one of %d, and %d of %d"
                .formatted(prefix, previous.length, length, page.remaining()));
      }
      byte[] bytes = new byte[prefix + length];
      System.arraycopy(previous, 0, bytes, 0, prefix);
      page.get(bytes, prefix, length);
      previous = bytes;
      return bytes;
    }
  }
}
