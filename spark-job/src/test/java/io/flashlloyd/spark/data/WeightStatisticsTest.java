package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightStatisticsTest {
  @Test
  void shouldLeaveWholeWeightsAsTheyAre() {
    assertThat(exponent(1, 2, 1000)).isZero();
    assertThat(exponent(2, 2)).isZero();
    assertThat(exponent(0x1p59, 1)).isZero();
  }

  @Test
  void shouldLoseNothingWhereAllFit() {
    assertThat(exponent(0.5, 3)).isEqualTo(1);
    assertThat(exponent(2.5, 0.125)).isEqualTo(3);
    assertThat(exponent(0.1)).isEqualTo(55);
  }

  @Test
  void shouldKeepTheSumBelowTwoToThe62() {
    assertThat(exponent(1, 0x1p-1074)).isEqualTo(59);
    assertThat(exponent(Double.MAX_VALUE)).isEqualTo(61 - 1025);
    assertThat(exponent(Double.MIN_VALUE)).isEqualTo(1074);
    for (int round = 0; round < 200; round++) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      double[] weights =
          random
              .doubles(1 + random.nextInt(2000))
              .map(x -> x * Math.pow(2, random.nextInt(80) - 40))
              .toArray();
      RowWeights quantizer = new RowWeights("w", exponent(weights));
      double sum = 0;
      for (double weight : weights) {
        sum += Math.rint(Math.scalb(weight, quantizer.exponent()));
      }
      assertThat(sum).as("seed %d", seed).isLessThan(0x1p62).isGreaterThan(0);
    }
  }

  @Test
  void shouldMergeInAnyOrder() {
    WeightStatistics a = statistics(0.75, 0);
    WeightStatistics b = statistics(1e9, 3);
    WeightStatistics none = new WeightStatistics();
    assertThat(a.merge(none).merge(b).exponent()).isEqualTo(exponent(0.75, 1e9, 3));
    assertThat(new WeightStatistics().merge(none).allZero()).isTrue();
    assertThat(statistics(0, 0).allZero()).isTrue();
  }

  private static int exponent(double... weights) {
    return statistics(weights).exponent();
  }

  private static WeightStatistics statistics(double... weights) {
    WeightStatistics statistics = new WeightStatistics();
    for (double weight : weights) {
      statistics.add(weight);
    }
    return statistics;
  }
}
