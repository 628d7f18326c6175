package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.TestRows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.LongBuffer;
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
      LongBuffer weights = LongBuffer.wrap(new long[] {weight, weight, weight, weight});
      SumScale scale = scaleOf(new HostRows(rows.values(), 4, 1, ElementType.FLOAT32, weights));
      assertThat(scale.wide()).isTrue();
      BigInteger largest =
          new BigDecimal(scale.reach(0))
              .multiply(CostSumTest.power(scale.exponent(0)))
              .toBigInteger()
              .multiply(BigInteger.valueOf(weight).shiftLeft(2));
      assertThat(largest.bitLength()).as("weight %d", weight).isLessThanOrEqualTo(127);
      assertThat(scale.odd(0, 3e38f)).isTrue();
      assertThat(scale.odd(0, -2e38f)).isTrue();
      assertThat(scale.odd(0, 1e-30f)).isFalse();
    }
  }

  @Test
  void shouldSumApartOnlyWhatTwoLimbsCannotHold() {
    Random random = new Random(4);
    float[] values = new float[1001];
    for (int i = 0; i < 1000; i++) {
      values[i] = (float) random.nextGaussian();
    }
    int odd = 0;
    for (int exponent = 0; exponent < 128; exponent++) {
      values[1000] = Math.scalb(1f, exponent);
      SumScale scale = scaleOf(TestRows.floats(values, 1));
      assertThat(scale.exponent(0)).as("2^%d", exponent).isGreaterThanOrEqualTo(30);
      assertThat(scale.odd(0, values[1000])).as("2^%d", exponent).isEqualTo(scale.hasOdd());
      assertThat(scale.odd(0, values[exponent])).as("2^%d", exponent).isFalse();
      odd += scale.hasOdd() ? 1 : 0;
    }
    // 10 bits of weight and 31 below the values leave 85 to 2^127.
    assertThat(odd).isEqualTo(127 - 85 + 1);
  }

  /** A column that is zero in all rows but one, and in those that came with 1e30. */
  @Test
  void shouldKeepTheBitsOfAFewSmallValues() {
    float[] values = new float[81];
    values[0] = 1.1e-12f;
    for (int i = 76; i < 81; i++) {
      values[i] = 1e30f;
    }
    SumScale scale = scaleOf(TestRows.floats(values, 1));
    assertThat(scale.odd(0, 1e30f)).isTrue();
    assertThat(
            new BigDecimal(1.1e-12f)
                .multiply(CostSumTest.power(scale.exponent(0)))
                .stripTrailingZeros()
                .scale())
        .as("decimals of it in quanta")
        .isNotPositive();
  }
}
