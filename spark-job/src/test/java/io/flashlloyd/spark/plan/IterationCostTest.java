package io.flashlloyd.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flashlloyd.engine.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IterationCostTest {
  private static final Machines ONE_H200 =
      new Machines(1, 1, 141e9, Double.POSITIVE_INFINITY, 55e9, 2e9, 1.2e9);

  /** Whole iterations of gpu-engine/src/main/cuda/README.md, device time, one H200. */
  @ParameterizedTest
  @CsvSource({
    "1048576, 8192, 128, FLOAT16, 3.51",
    "1048576, 8192, 128, FLOAT32, 3.92",
    "8388608, 1024, 128, FLOAT16, 6.10",
    "33554432, 4096, 128, FLOAT16, 67.20",
    "4194304, 32768, 128, FLOAT16, 51.60",
    "1048576, 8192, 768, FLOAT16, 27.60",
    "1048576, 8192, 256, FLOAT16, 8.99",
    "1048576, 8192, 64, FLOAT16, 2.57",
    "1048576, 65536, 96, FLOAT16, 21.50",
    "1048576, 1024, 100, FLOAT32, 1.07",
    "1048576, 256, 128, FLOAT16, 0.51",
    "1048576, 8192, 128, UINT8, 3.59",
  })
  void shouldBeWithinAFifthOfWhatWasMeasured(
      long rows, int k, int dimension, ElementType type, double milliseconds) {
    double seconds = new HopperRate().seconds(new Shape(rows, dimension, type, k));

    assertThat(seconds * 1e3).isCloseTo(milliseconds, within(0.2 * milliseconds));
  }

  @Test
  void shouldLetTheBusBoundWhatDoesNotStay() {
    // Streamed from pinned memory: 67M x 128 float16, K = 8192, measured 0.332 s, tier 0.
    Shape shape = new Shape(67_108_864, 128, ElementType.FLOAT16, 8192);
    Machines noTier = new Machines(1, 1, 0, Double.POSITIVE_INFINITY, 55e9, 2e9, 1.2e9);
    IterationCost streamed = IterationCost.of(shape, noTier, new HopperRate());
    IterationCost resident = IterationCost.of(shape, ONE_H200, new HopperRate());

    assertThat(streamed.bound()).isEqualTo("PCIe");
    assertThat(streamed.pcieSeconds()).isCloseTo(0.332, within(0.0664));
    assertThat(resident.bound()).isEqualTo("arithmetic");
    assertThat(resident.pcieBytes()).isZero();
    assertThat(resident.computeSeconds()).isCloseTo(0.245, within(0.049));
  }

  @Test
  void shouldReadFromDiskWhatMemoryDoesNotHold() {
    Shape shape = new Shape(100_000_000, 128, ElementType.FLOAT32, 16);
    Machines small = new Machines(2, 1, 0, 6.4e9, 55e9, 2e9, 1.2e9);

    IterationCost cost = IterationCost.of(shape, small, new HopperRate());

    assertThat(cost.diskRows()).isCloseTo(75_000_000, within(1.0));
    assertThat(cost.diskBytes()).as("of each executor").isCloseTo(19.2e9, within(1e3));
    assertThat(cost.diskSeconds()).isCloseTo(9.6, within(1e-6));
    assertThat(cost.bound()).isEqualTo("disk");
    assertThat(cost.seconds()).isGreaterThan(9.6).isLessThan(9.8);
  }

  @Test
  void shouldSpreadRowsOverExecutorsAndGpus() {
    Shape shape = new Shape(1_000_000_000, 128, ElementType.FLOAT16, 32768);
    Machines two = new Machines(2, 1, 141e9, Double.POSITIVE_INFINITY, 55e9, 2e9, 10e9);
    Machines oneOfTwo = new Machines(1, 2, 141e9, Double.POSITIVE_INFINITY, 55e9, 2e9, 10e9);

    double one = IterationCost.of(shape, ONE_H200, new HopperRate()).computeSeconds();

    assertThat(IterationCost.of(shape, two, new HopperRate()).computeSeconds())
        .isCloseTo(one / 2, within(1e-6));
    assertThat(IterationCost.of(shape, oneOfTwo, new HopperRate()).computeSeconds())
        .isCloseTo(one / 2, within(1e-6));
  }
}
