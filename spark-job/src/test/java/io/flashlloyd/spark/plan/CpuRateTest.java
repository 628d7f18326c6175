package io.flashlloyd.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.ElementType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuRateTest {
  private static final long MOST_BYTES = 64L << 20;

  @ParameterizedTest
  @CsvSource({
    "1000000, 128, 2",
    "1000000, 4096, 1",
    "1000000000, 1, 1",
    "1000000000, 1024, 262144",
    "1000, 65536, 2"
  })
  void shouldMeasureOnWhatASmallHeapHolds(long rows, int dimension, int k) {
    Shape part = CpuRate.part(new Shape(rows, dimension, ElementType.FLOAT32, k));

    assertThat(CpuRate.made(part)).isPositive().isLessThanOrEqualTo(part.rows());
    assertThat(CpuRate.made(part) * part.rowBytes()).isLessThanOrEqualTo(MOST_BYTES);
    assertThat(part.centroidBytes()).isLessThanOrEqualTo(MOST_BYTES);
    assertThat(part.k()).isBetween(1, k);
  }
}
