package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;

/**
 * DELTA_BINARY_PACKED, decoded as numbers are asked for.
 *
 * <pre>
 *   varint block size, varint miniblocks, varint count, zigzag first | block ...
 *   block: zigzag least delta, u8 width of each miniblock, bit-packed deltas - least
 * </pre>
 *
 * The words are the format's: a block holds a few miniblocks, each with its own width.
 */
final class DeltaNumbers {
  /** Writers take 128 to 1024. */
  private static final int MOST_BLOCK = 1 << 20;

  private final ByteBuffer in;
  private final int miniSize;
  private final byte[] widths;
  private final int count;
  private int taken;
  private int mini;
  private int miniLeft;
  private long value;
  private long leastDelta;
  private long bits;
  private int bitCount;

  /**
   * @param in from its position; behind the last number's miniblock when all are taken
   * @param most numbers there can be
   */
  DeltaNumbers(ByteBuffer in, int most) {
    this.in = in;
    int blockSize = Varints.count(in, MOST_BLOCK);
    int minis = Varints.count(in, blockSize / Byte.SIZE);
    if (minis == 0 || blockSize % minis != 0 || blockSize / minis % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "%d deltas in %d miniblocks (expected multiples of 8)".formatted(blockSize, minis));
    }
    this.miniSize = blockSize / minis;
    this.widths = new byte[minis];
    this.mini = minis;
    this.count = Varints.count(in, most);
    this.value = Varints.zigzag(in);
  }

  int count() {
    return count;
  }

  long next() {
    if (taken == count) {
      throw new IllegalArgumentException("%d numbers are not enough".formatted(count));
    }
    if (taken++ == 0) {
      return value;
    }
    if (miniLeft == 0) {
      nextMini();
    }
    miniLeft--;
    value += leastDelta + unpack(widths[mini] & 0xff);
    if (taken == count) {
      skipPadding();
    }
    return value;
  }

  private void nextMini() {
    if (++mini >= widths.length) {
      leastDelta = Varints.zigzag(in);
      in.get(widths);
      mini = 0;
    }
    if ((widths[mini] & 0xff) > Long.SIZE) {
      throw new IllegalArgumentException("deltas of %d bits".formatted(widths[mini] & 0xff));
    }
    miniLeft = miniSize;
    bits = 0;
    bitCount = 0;
  }

  /** The next {@code width} bits, the lowest first. */
  private long unpack(int width) {
    long result = 0;
    int have = 0;
    while (have < width) {
      if (bitCount == 0) {
        bits = in.get() & 0xff;
        bitCount = Byte.SIZE;
      }
      int take = Math.min(width - have, bitCount);
      result |= (bits & ((1L << take) - 1)) << have;
      bits >>>= take;
      bitCount -= take;
      have += take;
    }
    return result;
  }

  /** What follows starts behind the last miniblock, whose end some writers leave away. */
  private void skipPadding() {
    long unread = (long) miniLeft * (widths[mini] & 0xff) - bitCount;
    long bytes = Math.max(0, unread) / Byte.SIZE;
    in.position((int) Math.min(in.limit(), in.position() + bytes));
  }
}
