package io.flashlloyd.io.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Repetition and definition levels, a page at a time: Parquet's hybrid of runs and bit-packed
 * groups of eight, decoded into bytes. Levels of vectors are nearly all one run, which becomes one
 * fill.
 */
final class LevelDecoder {
  private LevelDecoder() {}

  /** Decodes {@code count} levels of at most {@code maxLevel} from {@code in}, all of it. */
  static void decode(ByteBuffer in, int maxLevel, byte[] levels, int count) {
    int width = 32 - Integer.numberOfLeadingZeros(maxLevel);
    if (width > 8) {
      throw new IllegalArgumentException("Levels up to " + maxLevel + " (expected at most 255)");
    }
    int at = 0;
    while (at < count) {
      int header = varint(in);
      if ((header & 1) == 0) {
        int run = Math.min(header >>> 1, count - at);
        if (run == 0) {
          throw new IllegalArgumentException("A run of levels is empty");
        }
        Arrays.fill(levels, at, at + run, in.get());
        at += run;
      } else {
        at = unpack(in, header >>> 1, width, levels, at, count);
      }
    }
  }

  private static int unpack(
      ByteBuffer in, int groups, int width, byte[] levels, int start, int count) {
    if (groups == 0) {
      throw new IllegalArgumentException("A run of levels is empty");
    }
    int at = start;
    int mask = (1 << width) - 1;
    for (int group = 0; group < groups && at < count; group++) {
      long bits = 0;
      for (int i = 0; i < width; i++) {
        bits |= (in.get() & 0xffL) << (8 * i);
      }
      int end = Math.min(count, at + 8);
      for (; at < end; at++) {
        levels[at] = (byte) (bits & mask);
        bits >>>= width;
      }
    }
    return at;
  }

  private static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("A run of levels has a length of more than 32 bits");
  }
}
