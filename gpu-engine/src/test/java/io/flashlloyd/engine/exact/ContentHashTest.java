package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentHashTest {
  private static final long EXPECTED = 2372857813603797920L;

  /** Of any other engine or release these bits must be the same: initial centroids hang on them. */
  @Test
  void shouldHaveTheBitsThatItAlwaysHad() {
    ContentHash hash = ContentHash.of(1, 0);
    assertThat(hash.ofRow(new float[] {0f, 1f, -2.5f})).isEqualTo(hash.ofRow(row(-0f, 1f, -2.5f)));
    assertThat(hash.ofRow(row(0f, 1f, -2.5f))).isEqualTo(EXPECTED);
    assertThat(ContentHash.of(1, 1).ofRow(row(0f, 1f, -2.5f))).isNotEqualTo(EXPECTED);
  }

  @Test
  void shouldHashManyRowsAsOne() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (ElementType type : ElementType.values()) {
      for (int rows : new int[] {0, 1, 3, 4, 1023, 1024, 1025, 3000}) {
        int dimension = 1 + random.nextInt(20);
        HostRows chunk = chunk(random, type, rows, dimension);
        ContentHash hash = ContentHash.of(seed, 3);
        long[] hashes = hash.ofRows(chunk);
        assertThat(hashes).hasSize(rows);
        float[] one = new float[dimension];
        for (int row = 0; row < rows; row++) {
          chunk.copyRow(row, one);
          assertThat(hashes[row])
              .as("seed %d, %s, row %d of %d", seed, type, row, rows)
              .isEqualTo(hash.ofRow(one));
        }
      }
    }
  }

  @Test
  void shouldSpreadHashesEvenly() {
    int[] buckets = new int[16];
    int n = 16_000;
    ContentHash hash = ContentHash.of(1, 0);
    for (int i = 0; i < n; i++) {
      buckets[(int) (16 * ContentHash.unit(hash.ofRow(row(i, 0))))]++;
    }
    // Chi-squared with 15 degrees of freedom: above 45 once in 10^4 seeds, and this seed is fixed.
    double chi = 0;
    for (int count : buckets) {
      chi += Math.pow(count - n / 16.0, 2) / (n / 16.0);
    }
    assertThat(chi).isLessThan(45);
  }

  /** Any bits that are finite values, with zeros of both signs. */
  private static HostRows chunk(Random random, ElementType type, int rows, int dimension) {
    int bytes = rows * dimension * type.bytes();
    ByteBuffer values = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * dimension; i++) {
      boolean zero = random.nextInt(4) == 0;
      switch (type) {
        case FLOAT32 -> values.putFloat(4 * i, zero ? -0f : (float) random.nextGaussian());
        case FLOAT16 -> values.putShort(2 * i, (short) (zero ? 0x8000 : random.nextInt(0x7c00)));
        default -> values.put(i, (byte) random.nextInt());
      }
    }
    return new HostRows(values, rows, dimension, type);
  }

  private static float[] row(float... values) {
    return values;
  }
}
