package io.flashlloyd.spark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flashlloyd.engine.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IterationCostTest {
  private static final Machines ONE_H200 =
      new Machines(1, 1, 149e9, Double.POSITIVE_INFINITY, 55e9, 2e9, 1.2e9);

  /** What was measured on a card; from the folder of this module. */
  private static final Path TABLE = Path.of("../docs/benchmarks/kernels-h200.csv");

  /** Rows, K, dimension and type of one clustering, and its whole iteration's milliseconds. */
  static List<Arguments> measured() throws IOException {
    List<List<String>> table =
        Files.readAllLines(TABLE).stream().map(line -> List.of(line.split(",", -1))).toList();
    List<String> names = table.get(0);
    return table.stream()
        .skip(1)
        .filter(row -> row.get(names.indexOf("batch")).equals("1"))
        .map(
            row ->
                Arguments.of(
                    Long.parseLong(row.get(names.indexOf("rows"))),
                    Integer.parseInt(row.get(names.indexOf("k"))),
                    Integer.parseInt(row.get(names.indexOf("dimension"))),
                    ElementType.valueOf(row.get(names.indexOf("type")).toUpperCase(Locale.ROOT)),
                    Double.parseDouble(row.get(names.indexOf("iteration_ms")))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("measured")
  void shouldBeWithinAFifthOfWhatWasMeasured(
      long rows, int k, int dimension, ElementType type, double milliseconds) {
    double seconds = new HopperRate().seconds(new Shape(rows, dimension, type, k));

    assertThat(seconds * 1e3).isCloseTo(milliseconds, within(0.2 * milliseconds));
  }

  @Test
  void shouldFindTheWholeTable() throws IOException {
    assertThat(measured()).hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void shouldKeepABillionRowsOfBytesOnOneCard() {
    Shape shape = new Shape(1_000_000_000, 128, ElementType.UINT8, 32768);

    IterationCost cost = IterationCost.of(shape, ONE_H200, new HopperRate());

    assertThat(cost.deviceRows()).isEqualTo(1e9);
    assertThat(cost.pcieBytes()).isZero();
    assertThat(new HopperRate().residentRowBytes(shape)).isEqualTo(132);
  }

  @Test
  void shouldCountCopiesAndImagesOfRowsThatStay() {
    // 2 x 768 float16, a norm, and as much again in tile images.
    Shape wide = new Shape(1, 768, ElementType.FLOAT16, 8);
    assertThat(new HopperRate().residentRowBytes(wide)).isEqualTo(1536 + 4 + 1536);
    // Float32 rows have a float16 copy and what it lost.
    Shape copied = new Shape(1, 128, ElementType.FLOAT32, 8);
    assertThat(new HopperRate().residentRowBytes(copied)).isEqualTo(512 + 4 + 256 + 4);
  }

  @Test
  void shouldLetTheBusBoundWhatDoesNotStay() {
    // Streamed from pinned memory: 67M x 128 float16, K = 8192, measured 0.33 s, tier 0; resident
    // 0.21.
    Shape shape = new Shape(67_108_864, 128, ElementType.FLOAT16, 8192);
    Machines noTier = new Machines(1, 1, 0, Double.POSITIVE_INFINITY, 55e9, 2e9, 1.2e9);
    IterationCost streamed = IterationCost.of(shape, noTier, new HopperRate());
    IterationCost resident = IterationCost.of(shape, ONE_H200, new HopperRate());

    assertThat(streamed.bound()).isEqualTo("PCIe");
    assertThat(streamed.pcieSeconds()).isCloseTo(0.332, within(0.0664));
    assertThat(resident.bound()).isEqualTo("arithmetic");
    assertThat(resident.pcieBytes()).isZero();
    assertThat(resident.computeSeconds()).isCloseTo(0.21, within(0.042));
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

  @Test
  void shouldBringMeansOfManySumsToTheDriver() {
    Shape shape = new Shape(400_000, 1024, ElementType.FLOAT16, 262_144);
    Machines four = new Machines(4, 1, 149e9, Double.POSITIVE_INFINITY, 55e9, 2e9, 10e9);

    IterationCost cost = IterationCost.of(shape, four, new HopperRate());

    double centroids = 4.0 * 262_144 * 1024;
    assertThat(cost.networkBytes()).isEqualTo(4 * 2 * centroids + centroids);
  }
}
