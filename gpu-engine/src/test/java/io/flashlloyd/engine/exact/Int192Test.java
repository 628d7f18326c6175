package io.flashlloyd.engine.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int192Test {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(192);

  @Test
  void shouldAddAsBigIntegersModulo() {
    for (long seed = 1; seed <= 2000; seed++) {
      Random random = new Random(seed);
      long[] a = new long[6];
      long[] b = new long[6];
      for (int i = 0; i < 6; i++) {
        // Limbs of all ones and zeros make carries run through.
        a[i] = random.nextInt(3) == 0 ? -random.nextInt(2) : random.nextLong();
        b[i] = random.nextInt(3) == 0 ? -random.nextInt(2) : random.nextLong();
      }
      BigInteger expected = Int192.toBigInteger(a, 1).add(Int192.toBigInteger(b, 0));
      BigInteger untouched = Int192.toBigInteger(a, 0);
      Int192.add(a, 1, b, 0);
      BigInteger difference = Int192.toBigInteger(a, 1).subtract(expected);
      assertThat(difference.mod(MODULUS)).as("seed %d", seed).isZero();
      assertThat(Int192.toBigInteger(a, 0)).as("seed %d", seed).isEqualTo(untouched);
    }
  }

  @Test
  void shouldAddDistancesRoundedHalfToEven() {
    for (long seed = 1; seed <= 5000; seed++) {
      Random random = new Random(seed);
      int exponent = random.nextInt(200) - 60;
      long weight = random.nextInt(4) == 0 ? random.nextLong() >>> 1 : random.nextInt(3);
      double distance =
          Math.scalb(1 + random.nextInt(1 << 20) * 0x1p-19, random.nextInt(60) - exponent - 20);
      long[] sum = {random.nextLong(), random.nextLong(), random.nextInt(1000)};
      BigInteger before = Int192.toBigInteger(sum, 0);
      BigInteger rounded =
          new BigDecimal(distance)
              .multiply(power(exponent))
              .setScale(0, RoundingMode.HALF_EVEN)
              .toBigInteger();
      Int192.addDistance(sum, 0, distance, weight, exponent);
      assertThat(Int192.toBigInteger(sum, 0))
          .as("seed %d: %s x %d at 2^%d", seed, distance, weight, exponent)
          .isEqualTo(before.add(rounded.multiply(BigInteger.valueOf(weight))));
    }
  }

  @Test
  void shouldPlaceTheLargestDistances() {
    for (int shift = 0; shift < 137; shift++) {
      long[] sum = new long[3];
      Int192.addDistance(sum, 0, 0x1.fffffffffffffp52, 1, shift);
      BigInteger expected = BigInteger.ONE.shiftLeft(53).subtract(BigInteger.ONE).shiftLeft(shift);
      assertThat(Int192.toBigInteger(sum, 0)).as("shift %d", shift).isEqualTo(expected);
    }
    assertThatThrownBy(() -> Int192.addDistance(new long[3], 0, 0x1p53, 1, 192))
        .hasMessageContaining("does not fit 192 bits");
  }

  @Test
  void shouldRoundOnceToDouble() {
    for (long seed = 1; seed <= 2000; seed++) {
      Random random = new Random(seed);
      long[] a = {random.nextLong(), random.nextLong(), random.nextLong() >> random.nextInt(64)};
      int exponent = random.nextInt(400) - 150;
      double expected =
          new BigDecimal(Int192.toBigInteger(a, 0)).multiply(power(-exponent)).doubleValue();
      assertThat(Int192.toDouble(a, 0, exponent)).as("seed %d", seed).isEqualTo(expected);
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
