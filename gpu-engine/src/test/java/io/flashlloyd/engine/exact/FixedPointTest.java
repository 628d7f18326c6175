package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  private static float anyFloat(Random random) {
    float value = Float.NaN;
    while (!Float.isFinite(value)) {
      value = Float.intBitsToFloat(random.nextInt());
    }
    return value;
  }

  private static BigInteger rounded(float x, int exponent) {
    return new BigDecimal(x)
        .multiply(Int192Test.power(exponent))
        .setScale(0, RoundingMode.HALF_EVEN)
        .toBigInteger();
  }

  @Test
  void shouldQuantizeHalfToEven() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      float x = anyFloat(random);
      // So that results have from 0 to 62 bits, halves among them.
      int exponent = random.nextInt(64) - 1 - Math.getExponent(x);
      assertThat(BigInteger.valueOf(FixedPoint.quantize(x, exponent)))
          .as("seed %d: %s at 2^%d", seed, x, exponent)
          .isEqualTo(rounded(x, exponent));
    }
    assertThat(FixedPoint.quantize(0.5f, 0)).isZero();
    assertThat(FixedPoint.quantize(1.5f, 0)).isEqualTo(2);
    assertThat(FixedPoint.quantize(-2.5f, 0)).isEqualTo(-2);
  }

  @Test
  void shouldAddWideAsBigIntegers() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      float x = anyFloat(random);
      long weight = random.nextInt(3) == 0 ? 1 : random.nextLong() >>> 1 + random.nextInt(62);
      int weightBits = 64 - Long.numberOfLeadingZeros(weight);
      int exponent = random.nextInt(126 - weightBits) - 1 - Math.getExponent(x);
      long[] low = {0, random.nextLong()};
      long[] high = {0, random.nextInt(100)};
      BigInteger before = wide(low, high);
      FixedPoint.addWide(low, high, 1, x, weight, exponent);
      BigInteger product = rounded(x, exponent).multiply(BigInteger.valueOf(weight));
      assertThat(wide(low, high))
          .as("seed %d: %s x %d at 2^%d", seed, x, weight, exponent)
          .isEqualTo(before.add(product));
      assertThat(low[0]).isZero();
      FixedPoint.addWide(low, high, 1, x, -weight, exponent);
      assertThat(wide(low, high)).as("seed %d: taken away again", seed).isEqualTo(before);
    }
  }

  private static BigInteger wide(long[] low, long[] high) {
    return Int192.toBigInteger(new long[] {low[1], high[1], high[1] >> 63}, 0);
  }
}
