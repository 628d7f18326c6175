package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.TestRows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumScaleTest {
  private static SumScale scaleOf(HostRows... chunks) {
    RowStatistics statistics = new RowStatistics(chunks[0].dimension());
    for (HostRows chunk : chunks) {
      statistics.add(chunk);
    }
    return SumScale.of(statistics);
  }

  @Test
  void shouldKeepIntegersLossless() {
    SumScale scale = scaleOf(TestRows.random(ElementType.UINT8, 5000, 3, new Random(1)));
    assertThat(scale.wide()).isFalse();
    for (int t = 0; t < 3; t++) {
      assertThat(scale.exponent(t)).isZero();
    }
  }

  @Test
  void shouldTakeOneLimbForOrdinaryData() {
    SumScale scale = scaleOf(TestRows.random(ElementType.FLOAT32, 5000, 2, new Random(2)));
    assertThat(scale.wide()).isFalse();
    // Gaussians below 8 and 5000 rows leave 62 - 3 - 13 bits; these values need fewer.
    assertThat(scale.exponent(0)).isBetween(24 + 2, 62 - 3 - 13);
  }

  @Test
  void shouldTakeTwoLimbsBesideOutliers() {
    Random random = new Random(3);
    float[] values = new float[2002];
    for (int i = 0; i < 2000; i++) {
      values[i] = random.nextFloat();
    }
    values[2000] = 1e6f;
    assertThat(scaleOf(TestRows.floats(values, 1)).wide()).as("beside 1e6").isFalse();
    values[2001] = 1e12f;
    SumScale scale = scaleOf(TestRows.floats(values, 1));
    assertThat(scale.wide()).as("beside 1e6 and 1e12").isTrue();
    // Random floats in [0, 1) are multiples of 2^-24.
    assertThat(scale.exponent(0)).isEqualTo(24);
  }

  @Test
  void shouldScaleAnAllZeroDimensionByOne() {
    SumScale scale = scaleOf(TestRows.floats(new float[] {0, 1, -0f, 2}, 2));
    assertThat(scale.exponent(0)).isZero();
    assertThat(scale.maxAbs(0)).isZero();
    assertThat(scale.exponent(1)).isZero();
  }

  @Test
  void shouldNotOverflowAtTheLargestWeight() {
    float[] values = {3e38f, 1e-30f, 2e38f, 3.1e-31f};
    for (long weight : new long[] {1, 1000, Long.MAX_VALUE / 4}) {
      HostRows rows = TestRows.floats(values, 1);
      HostRows weighted =
          new HostRows(
              rows.values(),
              4,
              1,
              ElementType.FLOAT32,
              java.nio.LongBuffer.wrap(new long[] {weight, weight, weight, weight}));
      SumScale scale = scaleOf(weighted);
      assertThat(scale.wide()).isTrue();
      BigInteger largest =
          BigDecimal.valueOf(3e38f)
              .multiply(Int192Test.power(scale.exponent(0)))
              .toBigInteger()
              .multiply(BigInteger.valueOf(weight).shiftLeft(2));
      assertThat(largest.bitLength()).as("weight %d", weight).isLessThanOrEqualTo(126);
    }
  }

  @Test
  void shouldLeaveRoomForTheCostAgainstFarCentroids() {
    SumScale scale = scaleOf(TestRows.floats(new float[] {1, -2, 3, 3e38f}, 2));
    Centroids far = new Centroids(new float[] {-3e38f, -3e38f}, 1, 2);
    int exponent = scale.costExponent(far);
    double farthest = 2 * Math.pow(6e38, 2) * 2;
    assertThat(Math.scalb(farthest, exponent)).isBetween(0x1p186, 0x1p191);
    assertThat(SumScale.of(zeroRow()).costExponent(new Centroids(new float[] {0}, 1, 1))).isZero();
  }

  private static RowStatistics zeroRow() {
    RowStatistics statistics = new RowStatistics(1);
    statistics.add(TestRows.floats(new float[] {0}, 1));
    return statistics;
  }
}
