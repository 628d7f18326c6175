package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CostSumTest {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64 * CostSum.LIMBS);

  @Test
  void shouldAddAsBigIntegersModulo() {
    for (long seed = 1; seed <= 2000; seed++) {
      Random random = new Random(seed);
      long[] a = numbers(random);
      long[] b = numbers(random);
      BigInteger expected = CostSum.toBigInteger(a, 1).add(CostSum.toBigInteger(b, 0));
      BigInteger untouched = CostSum.toBigInteger(a, 0);
      CostSum.add(a, 1, b, 0);
      assertThat(CostSum.toBigInteger(a, 1)).as("seed %d", seed).isEqualTo(expected.mod(MODULUS));
      assertThat(CostSum.toBigInteger(a, 0)).as("seed %d", seed).isEqualTo(untouched);
    }
  }

  /** Two; limbs of all ones and zeros make carries run through. */
  private static long[] numbers(Random random) {
    return random
        .longs(2 * CostSum.LIMBS)
        .map(limb -> random.nextInt(3) == 0 ? -random.nextInt(2) : limb)
        .toArray();
  }

  @Test
  void shouldAddEveryCanonicalDistanceExactly() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      float[] x = TestFloats.of(random, 1 + random.nextInt(4));
      float[] c = random.nextInt(3) == 0 ? x.clone() : TestFloats.of(random, x.length);
      c[0] = random.nextInt(3) == 0 ? Math.nextUp(x[0]) : c[0];
      double distance = CanonicalDistance.squared(x, 0, c, 0, x.length);
      long weight = random.nextInt(4) == 0 ? random.nextLong() >>> 1 : random.nextInt(3);
      long[] sums = numbers(random);
      sums[CostSum.LIMBS - 1] = 0;
      BigInteger before = CostSum.toBigInteger(sums, 0);
      BigInteger other = CostSum.toBigInteger(sums, 1);
      BigInteger scaled =
          new BigDecimal(distance).multiply(power(CostSum.POINT)).toBigIntegerExact();
      CostSum.addDistance(sums, 0, distance, weight);
      assertThat(CostSum.toBigInteger(sums, 0))
          .as("seed %d: %s x %d", seed, distance, weight)
          .isEqualTo(before.add(scaled.multiply(BigInteger.valueOf(weight))));
      assertThat(CostSum.toBigInteger(sums, 1)).as("seed %d", seed).isEqualTo(other);
    }
  }

  @Test
  void shouldHoldTheLargestDistances() {
    double farthest = 0x1p289; // 2^31 coordinates that are 2^129 apart
    long[] sum = new long[CostSum.LIMBS];
    CostSum.addDistance(sum, 0, farthest, Long.MAX_VALUE);
    assertThat(CostSum.toDouble(sum, 0)).isEqualTo(0x1p289 * 0x1p63);
    assertThat(CostSum.toBigInteger(sum, 0).bitLength()).isLessThan(64 * CostSum.LIMBS - 1);
  }

  @Test
  void shouldRoundOnceToDouble() {
    for (long seed = 1; seed <= 2000; seed++) {
      Random random = new Random(seed);
      long[] a = numbers(random);
      for (int limb = random.nextInt(CostSum.LIMBS); limb < CostSum.LIMBS; limb++) {
        a[limb] = 0;
      }
      double expected =
          new BigDecimal(CostSum.toBigInteger(a, 0)).multiply(power(-CostSum.POINT)).doubleValue();
      assertThat(CostSum.toDouble(a, 0)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  static BigDecimal power(int exponent) {
    BigDecimal positive = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(exponent)));
    // 2^-e = 5^e / 10^e has finitely many digits.
    return exponent >= 0
        ? positive
        : new BigDecimal(BigInteger.valueOf(5).pow(-exponent), -exponent);
  }
}
