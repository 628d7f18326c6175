package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  private static BigInteger rounded(float x, int exponent) {
    return new BigDecimal(x)
        .multiply(CostSumTest.power(exponent))
        .setScale(0, RoundingMode.HALF_EVEN)
        .toBigInteger();
  }

  @Test
  void shouldQuantizeHalfToEven() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      float x = TestFloats.any(random);
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
      float x = TestFloats.any(random);
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
    return FixedPoint.wide(low[1], high[1]);
  }

  /** So that odd values can be taken away again, whatever they did. */
  @Test
  void shouldWrapOrAddNothingBeyondTwoLimbs() {
    BigInteger modulus = BigInteger.ONE.shiftLeft(128);
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      float x = TestFloats.any(random);
      long weight = random.nextLong() >>> 1 + random.nextInt(62);
      // |x| * 2^exponent is from 2^100 to 2^140.
      int exponent = 100 + random.nextInt(40) - Math.getExponent(x);
      long[] low = {0, random.nextLong()};
      long[] high = {0, random.nextLong()};
      BigInteger before = wide(low, high);
      FixedPoint.addWide(low, high, 1, x, weight, exponent);
      boolean beyond = Math.abs(Math.scalb((double) x, exponent)) >= 0x1p127;
      BigInteger product = rounded(x, exponent).multiply(BigInteger.valueOf(weight));
      BigInteger expected = before.add(beyond ? BigInteger.ZERO : product);
      assertThat(wide(low, high).subtract(expected).mod(modulus))
          .as("seed %d: %s x %d at 2^%d", seed, x, weight, exponent)
          .isZero();
      FixedPoint.addWide(low, high, 1, x, -weight, exponent);
      assertThat(wide(low, high)).as("seed %d: taken away again", seed).isEqualTo(before);
    }
  }
}
