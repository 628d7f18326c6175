package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.TestRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowStatisticsTest {
  private static RowStatistics of(HostRows rows) {
    RowStatistics statistics = new RowStatistics(rows.dimension());
    statistics.add(rows);
    return statistics;
  }

  @Test
  void shouldMergeInAnyOrder() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      ElementType type = ElementType.values()[random.nextInt(4)];
      HostRows rows =
          TestRows.random(type, 50 + random.nextInt(500), 1 + random.nextInt(40), random);
      if (random.nextBoolean()) {
        rows = TestRows.weighted(rows, 9, random);
      }
      int cut = random.nextInt(rows.rows());
      RowStatistics first = of(TestRows.slice(rows, 0, cut));
      RowStatistics second = of(TestRows.slice(rows, cut, rows.rows()));
      assertSame(second.merge(first), of(rows), "seed " + seed + " " + type);
      assertSame(travelled(second), of(rows), "travelled, seed " + seed + " " + type);
    }
  }

  private static byte[] written(RowStatistics statistics) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(statistics);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static RowStatistics travelled(RowStatistics statistics) {
    byte[] written = written(statistics);
    try {
      return (RowStatistics) new ObjectInputStream(new ByteArrayInputStream(written)).readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertSame(RowStatistics found, RowStatistics expected, String what) {
    assertThat(found.rows()).as(what).isEqualTo(expected.rows());
    assertThat(found.totalWeight()).as(what).isEqualTo(expected.totalWeight());
    for (int t = 0; t < expected.dimension(); t++) {
      assertThat(found.maxAbs(t)).as(what).isEqualTo(expected.maxAbs(t));
      assertThat(found.lowestBit(t)).as(what).isEqualTo(expected.lowestBit(t));
      assertThat(found.medianExponent(t)).as(what).isEqualTo(expected.medianExponent(t));
      assertThat(found.lowExponent(t)).as(what).isEqualTo(expected.lowExponent(t));
    }
  }

  @Test
  void shouldFindByDefinition() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      float[] values = new float[1 + random.nextInt(40)];
      for (int i = 0; i < values.length; i++) {
        int bits = random.nextInt();
        // Subnormals and zeros too; never infinite.
        bits = random.nextInt(4) == 0 ? bits & 0x807fffff : bits & 0xbfffffff;
        values[i] = random.nextInt(5) == 0 ? 0 : Float.intBitsToFloat(bits);
      }
      values[0] = 1;
      RowStatistics found = of(TestRows.floats(values, 1));
      double[] nonzero = new double[values.length];
      int count = 0;
      int lowest = Integer.MAX_VALUE;
      for (float value : values) {
        if (value != 0) {
          nonzero[count++] = Math.abs((double) value);
          int bit = -149;
          while (Math.scalb((double) value, -bit - 1)
              == Math.rint(Math.scalb((double) value, -bit - 1))) {
            bit++;
          }
          lowest = Math.min(lowest, bit);
        }
      }
      Arrays.sort(nonzero, 0, count);
      double median = nonzero[(count - 1) / 2];
      assertThat(found.maxAbs(0)).as("seed %d", seed).isEqualTo((float) nonzero[count - 1]);
      assertThat(found.lowestBit(0)).as("seed %d", seed).isEqualTo(lowest);
      int exponent = median < 0x1p-126 ? -149 : Math.getExponent(median);
      assertThat(found.medianExponent(0)).as("seed %d", seed).isEqualTo(exponent);
    }
  }

  /** Rows that all count once are counted by other loops than those with weights. */
  @Test
  void shouldCountRowsAsRowsOfWeightOne() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      ElementType type = ElementType.values()[random.nextInt(2)];
      int dimension = 1 + random.nextInt(50);
      int count = 1 + random.nextInt(300);
      ByteBuffer values =
          ByteBuffer.allocateDirect(count * dimension * type.bytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      int kind = random.nextInt(4);
      while (values.hasRemaining()) {
        if (type == ElementType.FLOAT16) {
          values.putShort((short) half(random, kind));
        } else {
          values.putInt(bits(random, kind));
        }
      }
      HostRows rows = new HostRows(values, count, dimension, type);
      long[] ones = new long[count];
      Arrays.fill(ones, 1);
      HostRows weighted = new HostRows(values, count, dimension, type, LongBuffer.wrap(ones));
      RowStatistics found = new RowStatistics(dimension);
      found.add(TestRows.slice(weighted, 0, 0)); // from here on rows are told from weights
      found.add(rows, 7);
      RowStatistics expected = new RowStatistics(dimension);
      expected.add(weighted, 7);
      assertThat(written(found))
          .as("seed %d, %s, kind %d", seed, type, kind)
          .isEqualTo(written(expected));
    }
  }

  /** Any finite float16, one near 1, a small whole number, or mostly zeros and subnormals. */
  private static int half(Random random, int kind) {
    int any = random.nextInt(0x10000);
    return switch (kind) {
      case 0 -> any & 0xfbff;
      case 1 -> any & 0x83ff | 0x3c00;
      case 2 -> any & 0x8000 | 0x4c00 | (any & 15) << 6;
      default -> random.nextBoolean() ? any & 0x8000 : any & 0x83ff;
    };
  }

  private static int bits(Random random, int kind) {
    int any = random.nextInt();
    return switch (kind) {
      case 0 -> any & 0xff7fffff;
      case 1 -> any & 0x807fffff | 0x3f800000;
      case 2 -> Float.floatToRawIntBits(any >> 24);
      default -> random.nextBoolean() ? any & 0x80000000 : any & 0x807fffff;
    };
  }

  @Test
  void shouldWeighTheMedianWithoutOverflow() {
    HostRows rows = TestRows.floats(new float[] {1, 1024, 3}, 1);
    long half = Long.MAX_VALUE / 2;
    LongBuffer weights = LongBuffer.wrap(new long[] {half, half, 0});
    RowStatistics found = of(new HostRows(rows.values(), 3, 1, ElementType.FLOAT32, weights));
    assertThat(found.medianExponent(0)).isZero();
    assertThat(found.rows()).isEqualTo(3);
    assertThat(found.totalWeight()).isEqualTo(2 * half);
  }

  /** A row that weighs more than all others together takes no bits from a few of those. */
  @Test
  void shouldCountTheSmallValuesWhateverTheyWeigh() {
    float[] values = new float[64];
    Arrays.fill(values, 1);
    values[5] = 0x1p-40f;
    values[63] = 1024;
    LongBuffer weights = LongBuffer.allocate(64);
    for (int row = 0; row < 64; row++) {
      weights.put(row, row == 63 ? 1L << 50 : 1);
    }
    HostRows rows = TestRows.floats(values, 1);
    HostRows weighted = new HostRows(rows.values(), 64, 1, ElementType.FLOAT32, weights);
    assertThat(of(weighted).medianExponent(0)).isEqualTo(10);
    assertThat(of(weighted).lowExponent(0)).as("of 64, the second").isZero();
    values[6] = 0x1p-40f;
    HostRows two = TestRows.floats(values, 1);
    HostRows unweighted = TestRows.slice(two, 0, 10);
    RowStatistics later = of(new HostRows(two.values(), 64, 1, ElementType.FLOAT32, weights));
    assertThat(later.lowExponent(0)).isEqualTo(-40);
    assertThat(travelled(of(unweighted).merge(later)).lowExponent(0))
        .as("of 74, the third")
        .isEqualTo(-40);
  }

  @Test
  void shouldNameTheValueThatIsFarthestOut() {
    float[] values = new float[2 * 80];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? 5 + i / 100f : -1e-9f;
    }
    values[2 * 7 + 1] = 0;
    assertThat(of(TestRows.floats(values, 2)).farthest()).isEmpty();
    values[2 * 31] = -1e12f;
    values[2 * 40 + 1] = 1e6f;
    values[2 * 41 + 1] = 1e6f;
    HostRows rows = TestRows.floats(values, 2);
    assertThat(of(rows).farthest()).contains(new FarValue(1, 40, 1e6f, 0x1p-29));
    RowStatistics second = new RowStatistics(2);
    second.add(TestRows.slice(rows, 41, 80), 41);
    RowStatistics merged = travelled(second.merge(of(TestRows.slice(rows, 0, 41))));
    assertThat(merged.farthest()).as("in parts").contains(new FarValue(1, 40, 1e6f, 0x1p-29));
  }

  @Test
  void shouldRejectRowsThatDoNotFit() {
    RowStatistics statistics = new RowStatistics(2);
    assertThatThrownBy(() -> statistics.add(TestRows.floats(new float[3], 3)))
        .hasMessage("Rows have dimension 3 (expected 2)");
    HostRows rows = TestRows.floats(new float[2], 2);
    LongBuffer weights = LongBuffer.wrap(new long[] {-1});
    HostRows negative = new HostRows(rows.values(), 1, 2, ElementType.FLOAT32, weights);
    assertThatThrownBy(() -> statistics.add(negative))
        .hasMessage("Row 0 has weight -1 (expected at least 0)");
  }
}
