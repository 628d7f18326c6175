package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chunks that are fed without their rows, which the device has kept. */
class ResidentChunksIT implements NeedsGpu {
  private static final int CHUNKS = 5;

  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());
  private int fromHost;

  /** With room for all, for two of five chunks or for none, weighted and not: the same bits. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldGiveTheSameBitsWithoutTheRows(ElementType type) {
    for (boolean weighted : new boolean[] {false, true}) {
      TestData data =
          TestData.of(
              RowKind.NOISE, type, 10_000, 70, 150, CHUNKS, weighted, seed + type.ordinal());
      for (long kept : new long[] {CHUNKS, 2, 0}) {
        try (CudaEngine engine =
            CudaEngine.open(CudaOptions.device(0).withTierBytes(kept * tierBytes(data)))) {
          String what = "%d of %d chunks kept, %s".formatted(kept, CHUNKS, data);
          Centroids first = data.centroids();
          PartialSums sums = compare(engine, data, PassPlan.lloyd(first, null, data.scale()), what);
          assertThat(fromHost).as(what).isEqualTo(CHUNKS);
          Centroids second = TestData.update(data, first, sums);
          compare(engine, data, PassPlan.lloyd(second, first, data.scale()), what);
          assertThat(fromHost).as("chunks brought, " + what).isEqualTo(CHUNKS - (int) kept);
          compare(engine, data, new PassPlan(first, second, data.scale(), Sums.MOVED), what);
          assertThat(fromHost).as("chunks brought, " + what).isEqualTo(CHUNKS - (int) kept);
        }
      }
    }
  }

  /** What a chunk takes when it is kept; all are of one size. */
  private static long tierBytes(TestData data) {
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withTierBytes(1 << 30));
        Pass pass = engine.begin(PassPlan.assign(data.centroids(), data.scale()))) {
      pass.feed(0, data.chunks().get(0), null).join();
      return engine.residentBytes();
    }
  }

  @Test
  void shouldAskForTheRowsOfWhatWasForgottenOrEvicted() {
    TestData data =
        TestData.of(RowKind.NOISE, ElementType.UINT8, 5000, 64, 90, CHUNKS, false, seed);
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withTierBytes(1 << 30))) {
      PassPlan plan = PassPlan.lloyd(data.centroids(), null, data.scale());
      compare(engine, data, plan, "first pass");
      engine.forget(3);
      compare(engine, data, plan, "after one was forgotten");
      assertThat(fromHost).isEqualTo(1);
      long resident = engine.residentBytes();
      assertThat(engine.store().makeRoom()).as("one makes room").isTrue(); // device memory ran out
      assertThat(engine.residentBytes()).isEqualTo(resident / CHUNKS * (CHUNKS - 1));
      compare(engine, data, plan, "after one was evicted");
      assertThat(fromHost).isEqualTo(1);
    }
  }

  @Test
  void shouldFeedNothingToAPassThatIsOverOrFitsNot() {
    TestData data = TestData.of(RowKind.NOISE, ElementType.INT8, 900, 64, 90, 1, false, seed);
    TestData other = TestData.of(RowKind.NOISE, ElementType.INT8, 900, 65, 90, 1, false, seed);
    try (CudaEngine engine = CudaEngine.open(CudaOptions.device(0).withTierBytes(1 << 30))) {
      Pass over = engine.begin(PassPlan.lloyd(data.centroids(), null, data.scale()));
      over.feed(0, data.chunks().get(0), null);
      over.finish();
      assertThatThrownBy(() -> over.feedResident(0, null))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
      try (Pass pass = engine.begin(PassPlan.assign(other.centroids(), other.scale()))) {
        for (int i = 0; i < 10; i++) { // more than may be in flight: no permit is lost
          assertThatThrownBy(() -> pass.feedResident(0, null))
              .hasMessage("Chunk 0 has dimension 64 (expected 65, as the centroids)");
          assertThat(pass.feedResident(1, null)).isEmpty();
        }
      }
      compare(engine, data, PassPlan.lloyd(data.centroids(), null, data.scale()), "afterwards");
      assertThat(fromHost).isZero();
    }
  }

  private PartialSums compare(CudaEngine engine, TestData data, PassPlan plan, String what) {
    List<RowOutputs> expectedRows = data.outputs();
    List<RowOutputs> rows = data.outputs();
    PartialSums expected;
    try (ReferenceEngine reference = new ReferenceEngine();
        Pass pass = reference.begin(plan)) {
      for (int chunk = 0; chunk < data.chunks().size(); chunk++) {
        pass.feed(chunk, data.chunks().get(chunk), expectedRows.get(chunk));
      }
      expected = pass.finish();
    }
    PartialSums actual = run(engine, data, plan, rows);
    for (int chunk = 0; chunk < rows.size(); chunk++) {
      assertThat(rows.get(chunk).assignments().array())
          .as("assignments of chunk %d, %s", chunk, what)
          .isEqualTo(expectedRows.get(chunk).assignments().array());
      assertThat(rows.get(chunk).distances().array())
          .as("distances of chunk %d, %s", chunk, what)
          .isEqualTo(expectedRows.get(chunk).distances().array());
    }
    assertThat(actual.counts()).as("counts, %s", what).isEqualTo(expected.counts());
    assertThat(actual.low()).as("sums, %s", what).isEqualTo(expected.low());
    assertThat(actual.high()).as("high sums, %s", what).isEqualTo(expected.high());
    assertThat(actual.cost()).as("cost, %s", what).isEqualTo(expected.cost());
    assertThat(actual.rows()).as("rows, %s", what).isEqualTo(expected.rows());
    assertThat(actual.movedRows()).as("moved, %s", what).isEqualTo(expected.movedRows());
    return actual;
  }

  /** Feeds rows where the engine has not kept them, and counts how often. */
  private PartialSums run(
      CudaEngine engine, TestData data, PassPlan plan, List<RowOutputs> outputs) {
    fromHost = 0;
    try (Pass pass = engine.begin(plan)) {
      for (int chunk = 0; chunk < data.chunks().size(); chunk++) {
        boolean resident = !pass.residentAmong(List.of((long) chunk)).isEmpty();
        Optional<CompletableFuture<Void>> fed = pass.feedResident(chunk, outputs.get(chunk));
        assertThat(fed.isPresent()).isEqualTo(resident);
        if (fed.isEmpty()) {
          fromHost++;
          pass.feed(chunk, data.chunks().get(chunk), outputs.get(chunk));
        }
      }
      return pass.finish();
    }
  }
}
