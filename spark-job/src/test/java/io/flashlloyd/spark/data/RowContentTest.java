package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.ContentHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    ContentHash hash = ContentHash.of(5, 2);
    assertThat(hash.ofRow(row(half))).isEqualTo(hash.ofRow(row(floats)));
  }

  @Test
  void shouldHashRowsAsContents() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      float[] row = {random.nextFloat(), -0f, random.nextInt()};
      ContentHash hash = ContentHash.of(seed, round);
      assertThat(RowContent.of(row).hash(hash)).as("seed %d", seed).isEqualTo(hash.ofRow(row));
    }
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
