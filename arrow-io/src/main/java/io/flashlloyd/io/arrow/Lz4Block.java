package io.flashlloyd.io.arrow;

/**
 * One LZ4 block: sequences of literals and matches, after the LZ4 block format description.
 *
 * <pre>
 *   token (literals:4 | match length - 4:4) [more literal length] literals u16 offset [more length]
 * </pre>
 */
final class Lz4Block {
  private static final int MIN_MATCH = 4;
  private static final int ESCAPE = 15;

  private Lz4Block() {}

  /**
   * Decodes into {@code to} from {@code start}; what lies before may be referred to.
   *
   * @return the end of what was written
   * @throws IndexOutOfBoundsException when the block is corrupt
   */
  static int decode(byte[] from, int length, byte[] to, int start) {
    int in = 0;
    int out = start;
    while (in < length) {
      int token = from[in++] & 0xff;
      int literals = token >>> 4;
      if (literals == ESCAPE) {
        int more;
        do {
          more = from[in++] & 0xff;
          literals += more;
        } while (more == 0xff);
      }
      System.arraycopy(from, in, to, out, literals);
      in += literals;
      out += literals;
      if (in >= length) {
        break;
      }
      int offset = (from[in] & 0xff) | (from[in + 1] & 0xff) << 8;
      in += 2;
      int match = (token & ESCAPE) + MIN_MATCH;
      if (match == ESCAPE + MIN_MATCH) {
        int more;
        do {
          more = from[in++] & 0xff;
          match += more;
        } while (more == 0xff);
      }
      if (offset == 0) {
        throw new IndexOutOfBoundsException("LZ4 match with offset 0");
      }
      copyMatch(to, out, offset, match);
      out += match;
    }
    return out;
  }

  private static void copyMatch(byte[] to, int out, int offset, int match) {
    if (offset >= match) {
      System.arraycopy(to, out - offset, to, out, match);
      return;
    }
    for (int i = 0; i < match; i++) {
      to[out + i] = to[out + i - offset];
    }
  }
}
