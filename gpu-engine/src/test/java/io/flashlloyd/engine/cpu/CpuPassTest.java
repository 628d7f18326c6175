package io.flashlloyd.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.PassRun;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.TestRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a pass does besides arithmetic: memory of assignments, failures, threads, ends. */
class CpuPassTest {
  private static final int K = 20;

  private final Random random = new Random(5);
  private final HostRows rows = TestRows.random(ElementType.FLOAT32, 3000, 8, random);
  private final Centroids first = CpuEngineTest.chosenRows(rows, K, random);
  private final Centroids second = CpuEngineTest.chosenRows(rows, K, random);
  private final Centroids third = CpuEngineTest.chosenRows(rows, K, random);
  private final SumScale scale = scaleOf(rows);

  private static SumScale scaleOf(HostRows rows) {
    RowStatistics statistics = new RowStatistics(rows.dimension());
    statistics.add(rows);
    return SumScale.of(statistics);
  }

  private long moved(CpuEngine engine, Centroids now, Centroids before, int chunks) {
    PassPlan plan = PassPlan.lloyd(now, before, scale);
    return PassRun.of(engine, plan, rows, chunks, 0).sums().movedRows();
  }

  private long expectedMoved(Centroids now, Centroids before) {
    PassPlan plan = PassPlan.lloyd(now, before, scale);
    return PassRun.of(new ReferenceEngine(), plan, rows, 1, 0).sums().movedRows();
  }

  @Test
  void shouldCountMovedRowsWhateverItRemembers() {
    try (CpuEngine engine = new CpuEngine(2)) {
      assertThat(moved(engine, first, null, 4)).isEqualTo(rows.rows());
      assertThat(moved(engine, second, first, 4)).isEqualTo(expectedMoved(second, first));
      // Equal centroids of another object, as every task of a cluster gets them.
      Centroids copy = new Centroids(second.values().clone(), K, 8);
      assertThat(moved(engine, third, copy, 4)).isEqualTo(expectedMoved(third, second));
      // Not the centroids it was last fed with.
      assertThat(moved(engine, second, first, 4)).isEqualTo(expectedMoved(second, first));
      engine.forget(1);
      assertThat(moved(engine, third, second, 4)).isEqualTo(expectedMoved(third, second));
      // The same ids hold other rows now: lengths differ, nothing may be mixed up.
      assertThat(moved(engine, first, third, 3)).isEqualTo(expectedMoved(first, third));
    }
  }

  @Test
  void shouldTellWhereItsThreadsSpentTheirTime() {
    int threads = 2;
    try (CpuEngine engine = new CpuEngine(threads)) {
      long start = System.nanoTime();
      try (Pass pass = engine.begin(PassPlan.lloyd(first, null, scale))) {
        pass.feed(0, rows, null);
        pass.finish();
        double wall = (System.nanoTime() - start) * 1e-9;
        assertThat(pass.stages().seconds())
            .containsOnlyKeys(StageSeconds.SCREEN, StageSeconds.REFINE, StageSeconds.SUM)
            .allSatisfy((stage, seconds) -> assertThat(seconds).isBetween(0.0, threads * wall));
        assertThat(pass.stages().seconds().get(StageSeconds.SCREEN)).isPositive();
      }
    }
  }

  @Test
  void shouldKeepConcurrentPassesApart() {
    try (CpuEngine engine = new CpuEngine(2);
        Pass lloyd = engine.begin(PassPlan.lloyd(first, second, scale));
        Pass other = engine.begin(PassPlan.lloyd(third, first, scale));
        Pass assign = engine.begin(PassPlan.assign(second, scale))) {
      for (int chunk = 0; chunk < 6; chunk++) {
        HostRows part = TestRows.slice(rows, chunk * 500, chunk * 500 + 500);
        lloyd.feed(chunk, part, null);
        assign.feed(chunk, part, null);
        other.feed(chunk, part, null);
      }
      PassRun found = new PassRun(lloyd.finish(), null, null);
      PassPlan plan = PassPlan.lloyd(first, second, scale);
      found.assertSameSums(PassRun.of(new ReferenceEngine(), plan, rows, 1, 0).sums(), "lloyd");
      PassRun assigned = new PassRun(assign.finish(), null, null);
      PassPlan assignPlan = PassPlan.assign(second, scale);
      assigned.assertSameSums(
          PassRun.of(new ReferenceEngine(), assignPlan, rows, 1, 0).sums(), "assign");
      assertThat(other.finish().movedRows()).isEqualTo(expectedMoved(third, first));
    }
  }

  /** Neither counts nor cost, and the assignments of a pass that measures. */
  @Test
  void shouldOnlyAssign() {
    PassPlan plan = PassPlan.onlyAssign(second, scale);
    RowOutputs expected = RowOutputs.allocate(rows.rows());
    try (Pass pass = new ReferenceEngine().begin(PassPlan.assign(second, scale))) {
      pass.feed(0, rows, expected);
    }
    try (LloydEngine cpu = new CpuEngine(2);
        LloydEngine reference = new ReferenceEngine()) {
      for (LloydEngine engine : List.of(cpu, reference)) {
        RowOutputs actual = RowOutputs.assignments(rows.rows());
        try (Pass pass = engine.begin(plan)) {
          pass.feed(0, rows, actual).join();
          PartialSums sums = pass.finish();
          assertThat(sums.rows()).isEqualTo(rows.rows());
          assertThat(sums.counts()).containsOnly(0);
          assertThat(sums.cost()).containsOnly(0);
          assertThat(sums.low()).isNull();
        }
        assertThat(actual.assignments()).isEqualTo(expected.assignments());
      }
    }
  }

  @Test
  void shouldRejectDistancesThatNobodyMeasures() {
    try (LloydEngine engine = new CpuEngine(1);
        Pass only = engine.begin(PassPlan.onlyAssign(first, scale));
        Pass measuring = engine.begin(PassPlan.assign(first, scale))) {
      assertThatThrownBy(() -> only.feed(3, rows, RowOutputs.allocate(rows.rows())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Outputs of chunk 3 have distances (expected none: the pass only assigns)");
      assertThatThrownBy(() -> measuring.feed(3, rows, RowOutputs.assignments(rows.rows())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Outputs of chunk 3 have no distances (expected some: the pass measures)");
    }
  }

  @Test
  void shouldSurfaceAWorkersFailure() {
    try (CpuEngine engine = new CpuEngine(2);
        Pass pass = engine.begin(PassPlan.assign(first, scale))) {
      RowOutputs readOnly =
          new RowOutputs(
              IntBuffer.allocate(rows.rows()).asReadOnlyBuffer(),
              DoubleBuffer.allocate(rows.rows()));
      CompletableFuture<Void> bad = pass.feed(41, rows, readOnly);
      assertThatThrownBy(bad::join).hasCauseInstanceOf(java.nio.ReadOnlyBufferException.class);
      assertThatThrownBy(pass::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The pass failed on chunk 41")
          .hasCauseInstanceOf(java.nio.ReadOnlyBufferException.class);
    }
  }

  @Test
  void shouldCloseAPassInTheMiddle() {
    HostRows many = TestRows.random(ElementType.UINT8, 20_000, 30, random);
    SumScale manyScale = scaleOf(many);
    Centroids centroids = CpuEngineTest.chosenRows(many, 500, random);
    try (CpuEngine engine = new CpuEngine(2)) {
      Pass pass = engine.begin(PassPlan.lloyd(centroids, null, manyScale));
      CompletableFuture<Void> fed = pass.feed(0, many, null);
      pass.close();
      assertThat(fed).isDone();
      assertThatThrownBy(() -> pass.feed(1, many, null))
          .hasMessage("Chunk 1 was fed to a pass that is over (expected before finish)");
      PassPlan plan = PassPlan.lloyd(centroids, null, manyScale);
      assertThat(PassRun.of(engine, plan, many, 2, 0).sums().rows()).isEqualTo(many.rows());
    }
  }

  /** As a task that Spark kills may do; its pass and its chunks then end. */
  @Test
  void shouldEndAPassWhoseEngineAnInterruptedThreadCloses() throws Exception {
    HostRows many = TestRows.random(ElementType.FLOAT32, 500, 64, random);
    PassPlan plan =
        PassPlan.lloyd(CpuEngineTest.chosenRows(many, 400, random), null, scaleOf(many));
    CpuEngine engine = new CpuEngine(1);
    Pass pass = engine.begin(plan);
    List<CompletableFuture<Void>> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < 3; chunk++) {
      chunks.add(pass.feed(chunk, many, null));
    }
    Thread.currentThread().interrupt();
    engine.close();
    assertThat(Thread.interrupted()).isTrue();

    CompletableFuture.runAsync(pass::close).get(20, TimeUnit.SECONDS);

    assertThat(chunks).allMatch(CompletableFuture::isDone);
    assertThatThrownBy(chunks.get(2)::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void shouldRejectWhatDoesNotFit() {
    CpuEngine engine = new CpuEngine(1);
    HostRows narrow = TestRows.random(ElementType.FLOAT32, 10, 7, random);
    Pass pass = engine.begin(PassPlan.assign(first, scale));
    assertThatThrownBy(() -> pass.feed(3, narrow, null))
        .hasMessage("Chunk 3 has dimension 7 (expected 8, as the centroids)");
    assertThatThrownBy(() -> pass.feed(3, rows, RowOutputs.allocate(10)))
        .hasMessage("Outputs of chunk 3 hold 10 assignments and 10 distances (expected 3000 each)");
    engine.close();
    assertThatThrownBy(() -> pass.feed(3, rows, null))
        .hasMessage("Chunk 3 was fed to a closed CPU engine (expected an open one)");
    pass.close();
    assertThatThrownBy(() -> new CpuEngine(0))
        .hasMessage("CPU engine was asked for 0 threads (expected at least 1)");
  }

  @Test
  void shouldEndItsThreads() {
    CpuEngine engine = new CpuEngine(3);
    PassRun.of(engine, PassPlan.assign(first, scale), rows, 5, 0);
    assertThat(engineThreads()).isNotZero();
    engine.close();
    // The executor has let go of them; the last may still be returning.
    long start = System.nanoTime();
    while (engineThreads() > 0 && System.nanoTime() - start < 5_000_000_000L) {
      Thread.onSpinWait();
    }
    assertThat(engineThreads()).isZero();
  }

  private static long engineThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cpu-engine-") && thread.isAlive())
        .count();
  }

  @Test
  void shouldDoWithNoRows() {
    HostRows none = TestRows.slice(rows, 0, 0);
    try (CpuEngine engine = new CpuEngine(2);
        Pass pass = engine.begin(PassPlan.lloyd(first, null, scale))) {
      assertThat(pass.feed(0, none, null)).isDone();
      assertThat(pass.finish().rows()).isZero();
    }
  }
}
