package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The GPU engine's bits against the reference engine's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaEngineIT implements NeedsGpu {
  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());
  private LloydEngine best;
  private LloydEngine portable;
  private LloydEngine exhaustive;
  private LloydEngine streaming;

  @BeforeAll
  void open() {
    if (CudaEngine.unavailable(0).isPresent()) {
      return;
    }
    CudaOptions options = CudaOptions.device(0).withTierBytes(1L << 30);
    best = CudaEngine.open(options.withBounds(BoundsChoice.ALWAYS));
    portable = CudaEngine.open(options.withScreen(ScreenChoice.PORTABLE));
    exhaustive = CudaEngine.open(options.withScreen(ScreenChoice.NONE));
    streaming = CudaEngine.open(options.withTierBytes(0));
  }

  @AfterAll
  void close() {
    for (LloydEngine engine : all()) {
      if (engine != null) {
        engine.close();
      }
    }
  }

  @Test
  void shouldTellWhereTheDeviceSpentItsTime() {
    TestData data =
        TestData.of(RowKind.NOISE, ElementType.FLOAT32, 20_000, 64, 300, 1, false, seed);
    PassPlan plan = PassPlan.lloyd(data.centroids(), null, data.scale());
    try (Pass pass = streaming.begin(plan)) {
      pass.feed(77, data.chunks().get(0), null);
      pass.finish();
      assertThat(pass.stages().seconds())
          .containsOnlyKeys(
              StageSeconds.COPY,
              StageSeconds.SCREEN,
              StageSeconds.SORT,
              StageSeconds.REFINE_AND_SUM,
              StageSeconds.REFINE)
          .allSatisfy((stage, seconds) -> assertThat(seconds).as(stage).isBetween(0.0, 1.0));
    } finally {
      streaming.forget(77);
    }
  }

  /** Every kind of data, in every type, at random shapes: three iterations, all engines. */
  @ParameterizedTest
  @EnumSource(RowKind.class)
  void shouldGiveTheReferenceEnginesBits(RowKind kind) {
    Random random = new Random(seed + kind.ordinal());
    for (ElementType type : ElementType.values()) {
      for (int round = 0; round < 3; round++) {
        int dimension = 1 + random.nextInt(round == 0 ? 16 : 200);
        int k = 1 + random.nextInt(round == 2 ? 400 : 40);
        int rows = 1 + random.nextInt(Math.max(1, 12_000_000 / (k * dimension) % 3000 + 500));
        compare(TestData.of(kind, type, rows, dimension, k, 3, false, random.nextLong()));
      }
    }
  }

  /** The edges of tiles, slices, k-steps and padding. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 8, 9",
    "127, 31, 7",
    "128, 32, 8",
    "129, 33, 9",
    "255, 63, 127",
    "256, 64, 128",
    "257, 65, 129",
    "300, 95, 136",
    "301, 97, 136",
    "299, 100, 300",
    "301, 101, 136",
    "300, 96, 257",
    "511, 97, 255",
    "513, 127, 256",
    "600, 128, 300",
    "700, 129, 130",
    "200, 192, 300",
    "150, 255, 140",
    "90, 768, 150",
    "60, 1025, 40",
    "20, 4096, 20",
    "3000, 3, 9000"
  })
  void shouldTakeAnyShape(int rows, int dimension, int k) {
    for (ElementType type : ElementType.values()) {
      compare(TestData.of(RowKind.NOISE, type, rows, dimension, k, 2, false, seed + rows));
    }
  }

  /** Weights, up to where products need 128 bits. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldWeighRows(ElementType type) {
    compare(TestData.of(RowKind.NOISE, type, 700, 33, 50, 2, true, seed));
    compare(TestData.of(RowKind.OUTLIERS, type, 500, 130, 20, 2, true, seed));
  }

  /** Many rows in few octets, so that work items and tiles are full. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldSumManyRowsOfOneOctet(ElementType type) {
    TestData data = TestData.of(RowKind.NOISE, type, 200_000, 24, 5, 2, false, seed);
    compare(data);
    compareMoved(data);
  }

  /** So many that each CTA of the sort has several tiles of them. */
  @Test
  void shouldSortManyTilesOfRows() {
    compare(TestData.of(RowKind.NOISE, ElementType.UINT8, 1_300_000, 5, 40, 1, false, seed));
  }

  @Test
  void shouldCountMovedRowsWhenPreviousAssignmentsAreUnknown() {
    TestData data = TestData.of(RowKind.NOISE, ElementType.FLOAT32, 900, 40, 60, 2, false, seed);
    Centroids first = data.centroids();
    try (LloydEngine reference = new ReferenceEngine()) {
      Centroids second = TestData.update(data, first, run(reference, data, first, null, null));
      PartialSums expected = run(reference, data, second, first, null);
      for (int chunk = 0; chunk < data.chunks().size(); chunk++) {
        best.forget(chunk);
      }
      PartialSums actual = run(best, data, second, first, null);
      assertThat(actual.movedRows()).as(data.toString()).isEqualTo(expected.movedRows());
      assertThat(actual.movedRows()).isLessThan(900);
    }
  }

  /** Signed sums of moved rows, with the assignments before at hand and without. */
  @ParameterizedTest
  @EnumSource(RowKind.class)
  void shouldSumMovedRows(RowKind kind) {
    for (ElementType type : ElementType.values()) {
      compareMoved(TestData.of(kind, type, 900, 40, 60, 2, false, seed));
      compareMoved(TestData.of(kind, type, 900, 40, 60, 2, true, seed));
    }
  }

  /** Rows and previous centroids meet in one frame, although another pass needs a wider one. */
  @Test
  void shouldKeepItsFrameWhileAnotherPassReplacesIt() {
    TestData data = TestData.of(RowKind.NOISE, ElementType.FLOAT32, 300_000, 8, 40, 2, false, seed);
    TestData huge = TestData.of(RowKind.HUGE, ElementType.FLOAT32, 300_000, 8, 40, 1, false, seed);
    Centroids first = data.centroids();
    try (LloydEngine reference = new ReferenceEngine()) {
      Centroids second = TestData.update(data, first, run(reference, data, first, null, null));
      PassPlan plan = new PassPlan(second, first, data.scale(), Sums.MOVED);
      PartialSums expected = data.feedTo(reference, plan, null);
      data.dropFrom(best);
      // Of chunk 0 the previous assignments are known, of chunk 1 not.
      try (Pass pass = best.begin(PassPlan.lloyd(first, null, data.scale()))) {
        pass.feed(0, data.chunks().get(0), null).join();
        pass.finish();
      }
      PartialSums actual;
      try (Pass pass = best.begin(plan)) {
        pass.feed(0, data.chunks().get(0), null).join();
        try (Pass other = best.begin(PassPlan.lloyd(huge.centroids(), null, huge.scale()))) {
          other.feed(7, huge.chunks().get(0), null).join();
          other.finish();
        }
        pass.feed(1, data.chunks().get(1), null).join();
        actual = pass.finish();
      }
      assertThat(actual.low()).as(data.toString()).isEqualTo(expected.low());
      assertThat(actual.counts()).as(data.toString()).isEqualTo(expected.counts());
      assertThat(actual.movedRows()).as(data.toString()).isEqualTo(expected.movedRows());
    } finally {
      data.dropFrom(best);
      best.forget(7);
    }
  }

  /**
   * Small shapes that go through every kernel of a clustering by itself: what compute-sanitizer
   * looks at. A thread instrumented takes long, so the screens' many instances see little data.
   */
  @Test
  @Tag("every-kernel")
  void shouldRunEveryKernel() {
    for (ElementType type : ElementType.values()) {
      for (int dimension : new int[] {30, 62, 96, 99, 121, 150, 250, 270}) {
        TestData data =
            TestData.of(RowKind.NOISE, type, 250, dimension, 139, 1, false, seed + dimension);
        compare(data, 2, best);
      }
      compare(TestData.of(RowKind.DUPLICATED, type, 300, 33, 150, 1, false, seed), 2, all());
      compare(TestData.of(RowKind.OUTLIERS, type, 200, 130, 20, 1, true, seed), 1, all());
      compare(TestData.of(RowKind.NOISE, type, 3000, 24, 5, 1, false, seed), 1, best);
      compareMoved(TestData.of(RowKind.NOISE, type, 300, 40, 20, 1, false, seed));
      // Centroids enough for some of them to be the fastest.
      compareMoved(TestData.of(RowKind.NOISE, type, 300, 40, 400, 1, false, seed));
      compareMoved(TestData.of(RowKind.NOISE, type, 300, 300, 400, 1, false, seed));
      survey(TestData.of(RowKind.NOISE, type, 300, 40, 2, 1, false, seed).chunks().get(0));
    }
    Set<KernelCatalog> expected = EnumSet.allOf(KernelCatalog.class);
    expected.removeIf(KernelCatalog::ofBatch);
    if (((CudaEngine) best).work().context().capability() != ScreenStage.HOPPER) {
      expected.removeIf(KernelCatalog::hopperOnly);
      expected.removeAll(EnumSet.of(KernelCatalog.IMAGE_ROWS, KernelCatalog.MERGE_HALVES));
      expected.removeAll(
          EnumSet.range(KernelCatalog.CONFIRM_ROWS, KernelCatalog.DECIDE_LISTED_INT8));
    }
    Set<KernelCatalog> launched = EnumSet.noneOf(KernelCatalog.class);
    for (LloydEngine engine : all()) {
      launched.addAll(((CudaEngine) engine).work().launched());
    }
    launched.removeIf(KernelCatalog::ofBatch);
    assertThat(launched).isEqualTo(expected);
  }

  private void survey(HostRows rows) {
    ContentHash hash = ContentHash.of(seed, 0);
    RowStatistics expected = new RowStatistics(rows.dimension());
    expected.add(rows);
    RowSurvey survey = ((CudaEngine) best).survey();
    RowStatistics found = survey.statistics(8, rows, 0).join();
    for (int t = 0; t < rows.dimension(); t++) {
      assertThat(found.maxAbs(t)).isEqualTo(expected.maxAbs(t));
    }
    assertThat(survey.hashes(8, rows, hash).join()).isEqualTo(hash.ofRows(rows));
    best.forget(8);
  }

  @Test
  void shouldNameChunkAndDimensionsThatDiffer() {
    TestData data = TestData.of(RowKind.NOISE, ElementType.FLOAT32, 9, 4, 2, 1, false, seed);
    TestData other = TestData.of(RowKind.NOISE, ElementType.FLOAT32, 9, 5, 2, 1, false, seed);
    try (Pass pass = best.begin(PassPlan.assign(data.centroids(), data.scale()))) {
      assertThatThrownBy(() -> pass.feed(12, other.chunks().get(0), null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Chunk 12 has dimension 5 (expected 4, as the centroids)");
    }
  }

  private LloydEngine[] all() {
    return new LloydEngine[] {best, portable, exhaustive, streaming};
  }

  private void compare(TestData data) {
    compare(data, 3, all());
  }

  private void compare(TestData data, int iterations, LloydEngine... engines) {
    Centroids centroids = data.centroids();
    Centroids previous = null;
    for (int iteration = 0; iteration < iterations; iteration++) {
      List<RowOutputs> expectedRows = data.outputs();
      PartialSums expected;
      try (LloydEngine reference = new ReferenceEngine()) {
        expected = run(reference, data, centroids, previous, expectedRows);
      }
      for (LloydEngine engine : engines) {
        String what = engine.description() + " " + index(engine) + ", iteration " + iteration;
        List<RowOutputs> rows = data.outputs();
        PartialSums actual = run(engine, data, centroids, previous, rows);
        for (int chunk = 0; chunk < rows.size(); chunk++) {
          assertThat(rows.get(chunk).assignments().array())
              .as("assignments of chunk %d, %s, %s", chunk, what, data)
              .isEqualTo(expectedRows.get(chunk).assignments().array());
          assertThat(rows.get(chunk).distances().array())
              .as("distances of chunk %d, %s, %s", chunk, what, data)
              .isEqualTo(expectedRows.get(chunk).distances().array());
        }
        assertThat(actual.counts()).as("counts, %s, %s", what, data).isEqualTo(expected.counts());
        assertThat(actual.low()).as("sums, %s, %s", what, data).isEqualTo(expected.low());
        assertThat(actual.high()).as("high sums, %s, %s", what, data).isEqualTo(expected.high());
        assertThat(actual.cost()).as("cost, %s, %s", what, data).isEqualTo(expected.cost());
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.movedRows())
            .as("moved rows, %s, %s", what, data)
            .isEqualTo(expected.movedRows());
        List<RowOutputs> again = data.outputs();
        PartialSums assigned = data.feedTo(engine, PassPlan.assign(centroids, data.scale()), again);
        for (int chunk = 0; chunk < again.size(); chunk++) {
          assertThat(again.get(chunk).assignments().array())
              .as("assigned, chunk %d, %s, %s", chunk, what, data)
              .isEqualTo(expectedRows.get(chunk).assignments().array());
        }
        assertThat(assigned.counts()).as("assigned, %s, %s", what, data).isEqualTo(actual.counts());
        assertThat(assigned.cost()).as("their cost, %s, %s", what, data).isEqualTo(actual.cost());
      }
      previous = centroids;
      centroids = TestData.update(data, centroids, expected);
    }
    for (LloydEngine engine : engines) {
      data.dropFrom(engine);
    }
  }

  private void compareMoved(TestData data) {
    Centroids first = data.centroids();
    try (LloydEngine reference = new ReferenceEngine()) {
      Centroids second = TestData.update(data, first, run(reference, data, first, null, null));
      PassPlan plan = new PassPlan(second, first, data.scale(), Sums.MOVED);
      PartialSums expected = data.feedTo(reference, plan, null);
      for (LloydEngine engine : all()) {
        run(engine, data, first, null, null);
        for (int attempt = 0; attempt < 2; attempt++) {
          PartialSums actual = data.feedTo(engine, plan, null);
          String what = engine.description() + " " + index(engine) + ", attempt " + attempt;
          assertThat(actual.low()).as("sums, %s, %s", what, data).isEqualTo(expected.low());
          assertThat(actual.high()).as("high, %s, %s", what, data).isEqualTo(expected.high());
          assertThat(actual.counts()).as("counts, %s", what).isEqualTo(expected.counts());
          assertThat(actual.cost()).as("cost, %s, %s", what, data).isEqualTo(expected.cost());
          assertThat(actual.movedRows()).as("moved, %s", what).isEqualTo(expected.movedRows());
        }
        data.dropFrom(engine);
      }
    }
  }

  private String index(LloydEngine engine) {
    List<String> names = List.of("(best)", "(portable)", "(exhaustive)", "(streaming)");
    return names.get(List.of(all()).indexOf(engine));
  }

  private static PartialSums run(
      LloydEngine engine,
      TestData data,
      Centroids centroids,
      Centroids previous,
      List<RowOutputs> outputs) {
    return data.feedTo(engine, PassPlan.lloyd(centroids, previous, data.scale()), outputs);
  }
}
