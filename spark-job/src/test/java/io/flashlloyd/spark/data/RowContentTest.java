package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowContentTest {
  @Test
  void shouldBeTheSameForEveryTypeThatHoldsTheRow() {
    HostRows floats = floats(3, 0, 255);
    HostRows bytes = new HostRows(direct(3).put(0, (byte) 3).put(2, (byte) 255), 1, 3, UINT8);
    ByteBuffer halves = direct(6);
    halves.putShort(0, (short) 0x4200).putShort(2, (short) 0x8000).putShort(4, (short) 0x5bf8);
    HostRows half = new HostRows(halves, 1, 3, ElementType.FLOAT16);

    RowContent expected = RowContent.of(row(floats));

    assertThat(RowContent.of(row(bytes))).isEqualTo(expected);
    assertThat(RowContent.of(row(half))).isEqualTo(expected);
    assertThat(RowContent.hash(row(half), 5, 2)).isEqualTo(RowContent.hash(row(floats), 5, 2));
  }

  @Test
  void shouldHashRowsAsContents() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      float[] row = {random.nextFloat(), -0f, random.nextInt()};
      assertThat(RowContent.of(row).hash(seed, round))
          .as("seed %d", seed)
          .isEqualTo(RowContent.hash(row, seed, round));
    }
  }

  @Test
  void shouldHashManyRowsAsOne() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int count = 0; count < 14; count++) {
      int dimension = 1 + random.nextInt(20);
      float[] rows = new float[count * dimension];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = random.nextInt(4) == 0 ? -0f : (float) random.nextGaussian();
      }
      long[] hashes = new long[count + 2];
      RowContent.hash(rows, count, dimension, seed, 3, hashes, 1);
      for (int row = 0; row < count; row++) {
        float[] one = Arrays.copyOfRange(rows, row * dimension, (row + 1) * dimension);
        assertThat(hashes[1 + row])
            .as("seed %d, row %d of %d", seed, row, count)
            .isEqualTo(RowContent.hash(one, seed, 3));
      }
      assertThat(hashes[0]).isZero();
      assertThat(hashes[count + 1]).isZero();
    }
  }

  @Test
  void shouldSpreadHashesEvenly() {
    int[] buckets = new int[16];
    int n = 16_000;
    for (int i = 0; i < n; i++) {
      buckets[(int) (16 * RowContent.unit(RowContent.hash(new float[] {i, 0}, 1, 0)))]++;
    }
    // Chi-squared with 15 degrees of freedom: above 45 once in 10^4 seeds, and this seed is fixed.
    double chi = 0;
    for (int count : buckets) {
      chi += Math.pow(count - n / 16.0, 2) / (n / 16.0);
    }
    assertThat(chi).isLessThan(45);
  }

  private static final ElementType UINT8 = ElementType.UINT8;

  private static float[] row(HostRows rows) {
    float[] row = new float[rows.dimension()];
    rows.copyRow(0, row);
    return row;
  }

  private static HostRows floats(float... values) {
    ByteBuffer buffer = direct(4 * values.length);
    buffer.asFloatBuffer().put(values);
    return new HostRows(buffer, 1, values.length, ElementType.FLOAT32);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
