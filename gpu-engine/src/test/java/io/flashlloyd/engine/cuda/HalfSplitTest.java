package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfSplitTest {
  /** Rows of one work item, at most. */
  private static final int ITEM_ROWS = 2048;

  /** The arithmetic of sum_tiles.cuh in Java, where float32 sums must come out exact. */
  @Test
  void shouldSplitIntoPartsThatFloat32Sums() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int magnitude = -14; magnitude <= 8; magnitude++) {
      float[] values = new float[ITEM_ROWS];
      for (int i = 0; i < values.length; i++) {
        int exponent = magnitude - 1 - random.nextInt(24);
        // Below 2 - 2^-11, which float16 would round to the next magnitude.
        float value = Math.scalb(1 + 0.999f * random.nextFloat(), exponent);
        values[i] = toFloat(SyntheticRows.toFloat16(random.nextBoolean() ? value : -value));
      }
      values[0] = toFloat(SyntheticRows.toFloat16(Math.scalb(1.5f, magnitude - 1)));
      SumScale scale = scale(values);
      Optional<HalfSplit> found = HalfSplit.of(ElementType.FLOAT16, scale);
      assertThat(found).as("seed %d, magnitude %d", seed, magnitude).isPresent();
      HalfSplit split = found.get();
      float high = toFloat((short) split.high());
      float low = toFloat((short) split.low());
      float[] sums = new float[3];
      double expected = 0;
      for (float x : values) {
        float first = half(half(x + high) - high);
        float rest = half(x - first);
        float second = half(half(rest + low) - low);
        float last = half(rest - second);
        assertThat((double) first + second + last).as("seed %d, %s", seed, x).isEqualTo(x);
        sums[0] += first;
        sums[1] += second;
        sums[2] += last;
        expected += x;
      }
      assertThat((double) sums[0] + sums[1] + sums[2])
          .as("seed %d, magnitude %d", seed, magnitude)
          .isEqualTo(expected);
    }
  }

  @Test
  void shouldRefuseWhatFloat32CannotSum() {
    assertThat(HalfSplit.of(ElementType.FLOAT16, scale(60000f, 1f))).isEmpty();
    assertThat(HalfSplit.of(ElementType.FLOAT16, scale(1024f, 0x1p-24f))).isEmpty();
    assertThat(HalfSplit.of(ElementType.FLOAT32, scale(1f))).isEmpty();
    assertThat(HalfSplit.of(ElementType.UINT8, scale(255f, 1f))).contains(HalfSplit.NONE);
  }

  @Test
  void shouldTakeRowsOfZeros() {
    assertThat(HalfSplit.of(ElementType.FLOAT16, scale(0f))).isPresent();
  }

  private static float half(float value) {
    return toFloat(SyntheticRows.toFloat16(value));
  }

  private static float toFloat(short half) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(2).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putShort(0, half);
    return ElementType.FLOAT16.get(buffer, 0);
  }

  /** The scale of rows of one dimension with these coordinates. */
  private static SumScale scale(float... values) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    RowStatistics statistics = new RowStatistics(1);
    statistics.add(new HostRows(buffer, values.length, 1, ElementType.FLOAT32));
    return SumScale.of(statistics);
  }
}
