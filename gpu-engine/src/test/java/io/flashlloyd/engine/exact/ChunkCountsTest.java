package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts, against each value looked at by itself. */
class ChunkCountsTest {
  /** How a data set's values are drawn. */
  private enum Kind {
    GAUSSIAN,
    WHOLE,
    SPARSE,
    TINY,
    ANY_BITS
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16"})
  void shouldCountEveryValue(ElementType type) {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(random.nextBoolean() ? 8 : 600);
      int rows = 1 + random.nextInt(random.nextInt(4) == 0 ? 70_000 / dimension + 300 : 40);
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      int[] bits = new int[rows * dimension];
      Arrays.setAll(bits, i -> bits(type, kind, random));
      ChunkCounts counts = ChunkCounts.of(rows(type, bits, rows, dimension));
      String what = "%s %s %d x %d, seed %d".formatted(type, kind, rows, dimension, seed);
      for (int t = 0; t < dimension; t++) {
        check(counts, type, bits, t, dimension, what + ", dimension " + t);
      }
    }
  }

  private static int bits(ElementType type, Kind kind, Random random) {
    boolean half = type == ElementType.FLOAT16;
    int sign = random.nextInt(2) << (half ? 15 : 31);
    return switch (kind) {
      case GAUSSIAN -> bits(half, (float) random.nextGaussian());
      case WHOLE -> bits(half, random.nextInt(219));
      case SPARSE -> random.nextInt(3) == 0 ? bits(half, random.nextFloat() + 1) : sign;
      case TINY -> sign | random.nextInt(half ? 0x800 : 0x1000000);
      case ANY_BITS -> sign | random.nextInt(half ? 0x7c00 : 0x7f800000);
    };
  }

  /** A float16's bits are cut from the float32's; small ones become 0. */
  private static int bits(boolean half, float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits >>> 23 & 0xff) - 112;
    if (!half) {
      return bits;
    }
    return bits >>> 16 & 0x8000 | (exponent <= 0 ? 0 : exponent << 10 | bits >>> 13 & 0x3ff);
  }

  private static HostRows rows(ElementType type, int[] bits, int rows, int dimension) {
    ByteBuffer values =
        ByteBuffer.allocateDirect(bits.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : bits) {
      if (type == ElementType.FLOAT16) {
        values.putShort((short) value);
      } else {
        values.putInt(value);
      }
    }
    return new HostRows(values.flip(), rows, dimension, type);
  }

  private static void check(
      ChunkCounts counts, ElementType type, int[] bits, int t, int dimension, String what) {
    int[] expected = new int[256];
    float largest = 0;
    int largestRow = 0;
    int lowest = Integer.MAX_VALUE;
    for (int i = t; i < bits.length; i += dimension) {
      float value = Math.abs(value(type, bits[i]));
      if (value > largest) {
        largest = value;
        largestRow = i / dimension;
      }
      if (value != 0) {
        expected[Float.floatToRawIntBits(value) >>> 23]++;
        while (value % Math.scalb(1f, Math.max(-149, Math.min(lowest, 127))) != 0
            || lowest == Integer.MAX_VALUE) {
          lowest = lowest == Integer.MAX_VALUE ? 127 : lowest - 1;
        }
      }
    }
    int[] found = new int[256];
    Arrays.setAll(found, bin -> counts.count(t, bin));
    assertThat(found).as(what).isEqualTo(expected);
    assertThat(counts.largest(t)).as(what).isEqualTo(largest);
    assertThat(counts.largestRow[t]).as(what).isEqualTo(largestRow);
    assertThat(counts.lowestBit[t]).as(what).isEqualTo(lowest);
  }

  private static float value(ElementType type, int bits) {
    return type == ElementType.FLOAT16
        ? ElementType.FLOAT16.get(
            ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) bits), 0)
        : Float.intBitsToFloat(bits);
  }
}
