package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedLongsTest {
  @Test
  void shouldBringEveryWidthBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      long[] values = values(random, random.nextInt(300));
      int from = random.nextInt(values.length + 1);
      ByteBuffer buffer = PackedLongs.buffer(values.length);
      Arrays.fill(buffer.array(), (byte) random.nextInt());

      PackedLongs.pack(values, from, values.length, buffer);
      long[] back = new long[values.length];
      PackedLongs.unpack(buffer, back, from, values.length);

      Arrays.fill(values, 0, from, 0);
      assertThat(back).as("seed %d, round %d", seed, round).isEqualTo(values);
    }
  }

  @Test
  void shouldTakeNoMoreBytesThanTheLargestOfARunNeeds() {
    ByteBuffer buffer = PackedLongs.buffer(64);
    for (int width = 1; width <= 8; width++) {
      long most = Long.MAX_VALUE >> 64 - 8 * width;
      for (long edge : new long[] {most, -most - 1}) {
        long[] values = new long[64];
        values[width] = edge;
        assertThat(PackedLongs.pack(values, 0, 64, buffer))
            .as("%d", edge)
            .isEqualTo(1 + 64 * width);
      }
    }
    assertThat(PackedLongs.pack(new long[64], 0, 64, buffer)).isEqualTo(1);
  }

  /** Each stretch of another magnitude, the edges of each width among them. */
  private static long[] values(Random random, int count) {
    long[] values = new long[count];
    int shift = 0;
    for (int i = 0; i < count; i++) {
      shift = i % 50 == 0 ? random.nextInt(65) : shift;
      long value = shift == 64 ? 0 : random.nextLong() >> shift;
      long edge = (1L << 63 - Math.min(shift, 62)) - 1;
      values[i] =
          random.nextInt(20) == 0 && shift < 64 ? random.nextBoolean() ? edge : ~edge : value;
    }
    return values;
  }
}
