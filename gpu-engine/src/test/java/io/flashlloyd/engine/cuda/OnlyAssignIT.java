package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Passes that assign and measure nothing, where most rows are decided by the margin between two
 * scores of the screen alone: the same assignments as with distances.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnlyAssignIT implements NeedsGpu {
  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());
  private LloydEngine best;
  private LloydEngine portable;
  private LloydEngine exhaustive;

  @BeforeAll
  void open() {
    if (CudaEngine.unavailable(0).isEmpty()) {
      CudaOptions options = CudaOptions.device(0).withTierBytes(1L << 30);
      best = CudaEngine.open(options);
      portable = CudaEngine.open(options.withScreen(ScreenChoice.PORTABLE));
      exhaustive = CudaEngine.open(options.withScreen(ScreenChoice.NONE));
    }
  }

  @AfterAll
  void close() {
    if (best != null) {
      List.of(best, portable, exhaustive).forEach(LloydEngine::close);
    }
  }

  /** Every kind of data, in every type: first centroids that are rows, then means. */
  @ParameterizedTest
  @EnumSource(RowKind.class)
  void shouldAssignAsTheReferenceEngineDoes(RowKind kind) {
    Random random = new Random(seed + kind.ordinal());
    for (ElementType type : ElementType.values()) {
      for (int round = 0; round < 3; round++) {
        int dimension = 1 + random.nextInt(round == 0 ? 16 : 200);
        int k = 1 + random.nextInt(round == 2 ? 400 : 40);
        int rows = 1 + random.nextInt(Math.max(1, 12_000_000 / (k * dimension) % 3000 + 500));
        TestData data = TestData.of(kind, type, rows, dimension, k, 2, false, random.nextLong());
        Centroids centroids = data.centroids();
        for (int iteration = 0; iteration < 2; iteration++) {
          List<RowOutputs> expected = data.outputs();
          PartialSums sums;
          try (LloydEngine reference = new ReferenceEngine()) {
            sums = data.feedTo(reference, PassPlan.lloyd(centroids, null, data.scale()), expected);
          }
          for (LloydEngine engine : List.of(best, portable, exhaustive)) {
            compare(engine, data, centroids, expected);
            // What the engine learns about the rows' norms moves its margins.
            data.feedTo(engine, PassPlan.lloyd(centroids, null, data.scale()), null);
            compare(engine, data, centroids, expected);
          }
          centroids = TestData.update(data, centroids, sums);
        }
        List.of(best, portable, exhaustive).forEach(engine -> data.dropFrom(engine));
      }
    }
  }

  /** So many rows that all lists have some, against a pass that tries every centroid. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldAssignManyRows(ElementType type) {
    for (int dimension : new int[] {8, 64, 100}) {
      TestData data =
          TestData.of(RowKind.NOISE, type, 300_000, dimension, 600, 2, false, seed + dimension);
      List<RowOutputs> expected = outputs(data);
      data.feedTo(exhaustive, PassPlan.onlyAssign(data.centroids(), data.scale()), expected);
      for (int pass = 0; pass < 2; pass++) {
        compare(best, data, data.centroids(), expected);
      }
      shouldHaveMeasuredFew(data);
      data.dropFrom(exhaustive);
      data.dropFrom(best);
    }
  }

  /** Or the margins, however right, would be of no use. */
  private void shouldHaveMeasuredFew(TestData data) {
    CudaEngine engine = (CudaEngine) best;
    if (engine.work().context().capability() == ScreenStage.HOPPER) {
      int listed = engine.pipeline().scratch().readCounters(engine.work()).listed();
      assertThat(listed).as("rows listed of %s", data).isLessThan(15_000);
    }
  }

  /** Many centroids, weights that nobody counts, and another pass beside. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldAssignBesideAnotherPass(ElementType type) {
    for (int k : new int[] {1, 30, 9000}) {
      TestData data = TestData.of(RowKind.NOISE, type, 200, 7, k, 2, true, seed + k);
      List<RowOutputs> expected = data.outputs();
      try (LloydEngine reference = new ReferenceEngine()) {
        data.feedTo(reference, PassPlan.lloyd(data.centroids(), null, data.scale()), expected);
      }
      try (Pass other = best.begin(PassPlan.assign(data.centroids(), data.scale()))) {
        other.feed(1000, data.chunks().get(0), null).join();
        compare(best, data, data.centroids(), expected);
        other.finish();
      } finally {
        best.forget(1000);
        data.dropFrom(best);
      }
    }
  }

  /** Rows at the frame's origin, with a centroid there. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldAssignRowsAtTheOrigin(ElementType type) {
    TestData zeros = TestData.of(RowKind.ZERO, type, 40, 24, 1, 1, false, seed);
    TestData noise = TestData.of(RowKind.NOISE, type, 4000, 24, 299, 1, false, seed);
    List<HostRows> chunks = List.of(zeros.chunks().get(0), noise.chunks().get(0));
    float[] values = Arrays.copyOf(noise.centroids().values(), 300 * 24);
    TestData data =
        new TestData(
            "zeros beside " + noise, chunks, new Centroids(values, 300, 24), noise.scale());
    List<RowOutputs> expected = data.outputs();
    try (LloydEngine reference = new ReferenceEngine()) {
      data.feedTo(reference, PassPlan.lloyd(data.centroids(), null, data.scale()), expected);
    }
    for (LloydEngine engine : List.of(best, portable)) {
      compare(engine, data, data.centroids(), expected);
      data.dropFrom(engine);
    }
  }

  private static void compare(
      LloydEngine engine, TestData data, Centroids centroids, List<RowOutputs> expected) {
    List<RowOutputs> actual = outputs(data);
    PartialSums sums = data.feedTo(engine, PassPlan.onlyAssign(centroids, data.scale()), actual);
    for (int chunk = 0; chunk < actual.size(); chunk++) {
      assertThat(actual.get(chunk).assignments().array())
          .as("chunk %d, %s, %s", chunk, engine.description(), data)
          .isEqualTo(expected.get(chunk).assignments().array());
    }
    assertThat(sums.rows())
        .isEqualTo(expected.stream().mapToInt(rows -> rows.assignments().capacity()).sum());
    assertThat(sums.low()).isNull();
    assertThat(sums.counts()).containsOnly(0);
    assertThat(sums.cost()).containsOnly(0);
  }

  private static List<RowOutputs> outputs(TestData data) {
    return data.chunks().stream().map(chunk -> RowOutputs.assignments(chunk.rows())).toList();
  }
}
