package io.flashlloyd.io.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Numbers in Parquet's hybrid of runs and bit-packed groups of eight, decoded as they are asked
 * for: a run of a length that lies takes no memory.
 */
final class RunLengths {
  private static final int GROUP = 8;

  private final ByteBuffer in;
  private final int width;
  private final int most;
  private final int[] group = new int[GROUP];
  private long left;
  private boolean packed;
  private int at;
  private int value;

  /**
   * @param in all of it, from its position
   * @param width bits of a number
   * @param most numbers there can be
   */
  RunLengths(ByteBuffer in, int width, int most) {
    if (width > Integer.SIZE) {
      throw new IllegalArgumentException(
          "indices of %d bits (expected at most %d)".formatted(width, Integer.SIZE));
    }
    this.in = in;
    this.width = width;
    this.most = most;
  }

  int next() {
    if (left == 0) {
      nextRun();
    }
    left--;
    if (!packed) {
      return value;
    }
    if (at == GROUP) {
      unpack();
    }
    return group[at++];
  }

  private void nextRun() {
    long header = Varints.unsigned(in);
    long count = header >>> 1;
    packed = (header & 1) != 0;
    // Some writers leave away the end of the last group.
    boolean there = packed ? (count - 1) * width <= in.remaining() : count <= most;
    if (count < 1 || count > Integer.MAX_VALUE || !there) {
      throw new IllegalArgumentException(
          "a run of %d%s indices in %d bytes"
              .formatted(count, packed ? " x 8" : "", in.remaining()));
    }
    left = packed ? count * GROUP : count;
    if (packed) {
      at = GROUP;
    } else {
      value = 0;
      for (int i = 0; i < (width + 7) / 8; i++) {
        value |= (in.get() & 0xff) << (8 * i);
      }
    }
  }

  /** A group has {@code width} bytes. */
  private void unpack() {
    if (width > 0 && !in.hasRemaining()) {
      throw new BufferUnderflowException();
    }
    long bits = 0;
    int count = 0;
    for (int i = 0; i < GROUP; i++) {
      while (count < width) {
        bits |= (in.hasRemaining() ? in.get() & 0xffL : 0) << count;
        count += Byte.SIZE;
      }
      group[i] = (int) (bits & ((1L << width) - 1));
      bits >>>= width;
      count -= width;
    }
    at = 0;
  }
}
