package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sums of the moved rows, added to those before, are the sums of all rows, bit for bit. */
class MovedSumsTest {
  private static final int CHUNKS = 5;

  private static LloydEngine reference;
  private static LloydEngine cpu;

  @BeforeAll
  static void open() {
    reference = new ReferenceEngine();
    cpu = new CpuEngine(2);
  }

  @AfterAll
  static void close() {
    reference.close();
    cpu.close();
  }

  @Test
  void shouldCompleteToAllSumsInAnyMixture() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      HostRows data = data(random);
      SumScale scale = scaleOf(data);
      Centroids[] steps = steps(data, random);
      PartialSums total = null;
      for (int step = 0; step < steps.length; step++) {
        Centroids previous = step == 0 ? null : steps[step - 1];
        boolean moved = step > 0 && random.nextInt(4) > 0;
        PassPlan plan = new PassPlan(steps[step], previous, scale, moved ? Sums.MOVED : Sums.ALL);
        LloydEngine engine = random.nextInt(3) == 0 ? reference : cpu;
        lose(random);
        PassRun found = PassRun.of(engine, plan, data, CHUNKS, 0);
        total = found.sums().completeFrom(total);
        PassPlan all = PassPlan.lloyd(steps[step], previous, scale);
        PassRun expected = PassRun.of(reference, all, data, 1, 0);
        String what =
            "seed %d, step %d: %d x %d %s, k=%d, wide=%s, %s"
                .formatted(
                    seed,
                    step,
                    data.rows(),
                    data.dimension(),
                    data.type(),
                    steps[0].k(),
                    scale.wide(),
                    plan.sums());
        new PassRun(total, found.assignments(), found.distances()).assertSameAs(expected, what);
      }
    }
  }

  /** Some chunks' assignments are lost, as with an executor, or overwritten by another fit. */
  private static void lose(Random random) {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      if (random.nextInt(4) == 0) {
        cpu.forget(chunk);
      }
    }
  }

  @Test
  void shouldGiveAPassRepeatedTheSameBits() {
    Random random = new Random(31);
    HostRows data = data(random);
    SumScale scale = scaleOf(data);
    Centroids[] steps = steps(data, random);
    PassPlan plan = new PassPlan(steps[1], steps[0], scale, Sums.MOVED);
    PassRun expected = PassRun.of(reference, plan, data, 1, 0);
    PassRun.of(cpu, PassPlan.lloyd(steps[0], null, scale), data, CHUNKS, 0);
    // The second finds the assignments to the new centroids stored, not those to the old ones.
    PassRun.of(cpu, plan, data, CHUNKS, 0).assertSameAs(expected, "first attempt");
    PassRun.of(cpu, plan, data, CHUNKS, 0).assertSameAs(expected, "second attempt");
    try (Pass one = cpu.begin(plan);
        Pass two = cpu.begin(plan)) {
      one.feed(0, data, null);
      two.feed(0, data, null);
      new PassRun(two.finish(), null, null).assertSameSums(expected.sums(), "speculative attempt");
      new PassRun(one.finish(), null, null).assertSameSums(expected.sums(), "attempt beside it");
    }
  }

  @Test
  void shouldSumMovedRowsOnceFewMove() {
    Random random = new Random(7);
    HostRows data = TestRows.random(ElementType.INT8, 500, 6, random);
    SumScale scale = scaleOf(data);
    Centroids first = chosen(data, 9, random);
    RunningSums running = new RunningSums();
    PassPlan plan = running.plan(first, null, scale);
    assertThat(plan.sums()).isEqualTo(Sums.ALL);
    running.take(PassRun.of(cpu, plan, data, 1, 0).sums());
    plan = running.plan(first, first, scale);
    assertThat(plan.sums()).as("all rows moved in the first").isEqualTo(Sums.ALL);
    PartialSums all = running.take(PassRun.of(cpu, plan, data, 1, 0).sums());
    plan = running.plan(first, first, scale);
    assertThat(plan.sums()).as("none moved in the second").isEqualTo(Sums.MOVED);
    PassRun found = PassRun.of(cpu, plan, data, 1, 0);
    assertThat(found.sums().low()).containsOnly(0);
    PartialSums completed = running.take(found.sums());
    new PassRun(completed, null, null).assertSameSums(all, "completed");
  }

  @Test
  void shouldRejectWhatDoesNotFit() {
    Random random = new Random(8);
    HostRows data = TestRows.random(ElementType.FLOAT32, 50, 3, random);
    SumScale scale = scaleOf(data);
    Centroids two = chosen(data, 2, random);
    assertThatThrownBy(() -> new PassPlan(two, null, scale, Sums.MOVED))
        .hasMessage(
            "Sums of moved rows have no previous centroids (expected 2 previous centroids, as many"
                + " as there are now)");
    assertThatThrownBy(() -> new PassPlan(two, chosen(data, 3, random), scale, Sums.MOVED))
        .hasMessageStartingWith("Sums of moved rows have 3 previous centroids (expected 2");
    PassPlan moved = new PassPlan(two, two, scale, Sums.MOVED);
    PartialSums sums = PassRun.of(reference, moved, data, 1, 0).sums();
    PassPlan all = PassPlan.lloyd(two, two, scale);
    assertThatThrownBy(() -> PartialSums.zeros(all).merge(sums))
        .hasMessage(
            "Partial sums of MOVED rows in one limb cannot be merged into those of ALL rows in one"
                + " limb (expected passes of one plan)");
    assertThatThrownBy(() -> sums.completeFrom(null))
        .hasMessage(
            "Sums of the rows moved among 50 cannot be completed from nothing (expected those of"
                + " all)");
    assertThatThrownBy(() -> sums.completeFrom(PartialSums.zeros(all)))
        .hasMessageContaining("from 0 rows, of ALL rows in one limb");
  }

  /** Now and then so wide in range, or so heavy, that sums need two limbs. */
  private static HostRows data(Random random) {
    ElementType type = ElementType.values()[random.nextInt(4)];
    int dimension = 1 + random.nextInt(40);
    int rows = 1 + random.nextInt(600);
    HostRows data = TestRows.random(type, rows, dimension, random);
    if (type == ElementType.FLOAT32 && random.nextBoolean()) {
      data.values().putFloat(4 * random.nextInt(dimension), 1e30f);
    }
    return random.nextInt(3) == 0
        ? TestRows.weighted(data, random.nextBoolean() ? 3 : 1L << 45, random)
        : data;
  }

  /** Centroids that move in part, as in an iteration. */
  private static Centroids[] steps(HostRows data, Random random) {
    int k = 1 + random.nextInt(Math.min(data.rows(), 30));
    Centroids[] steps = new Centroids[5];
    steps[0] = chosen(data, k, random);
    for (int step = 1; step < steps.length; step++) {
      float[] values = steps[step - 1].values().clone();
      Centroids other = chosen(data, k, random);
      for (int cluster = 0; cluster < k; cluster++) {
        if (random.nextInt(3) == 0) {
          int from = cluster * data.dimension();
          System.arraycopy(other.values(), from, values, from, data.dimension());
        }
      }
      steps[step] = new Centroids(values, k, data.dimension());
    }
    return steps;
  }

  private static Centroids chosen(HostRows data, int k, Random random) {
    float[] values = new float[k * data.dimension()];
    for (int i = 0; i < values.length; i += data.dimension()) {
      int row = random.nextInt(data.rows());
      for (int t = 0; t < data.dimension(); t++) {
        values[i + t] = data.get(row, t);
      }
    }
    return new Centroids(values, k, data.dimension());
  }

  private static SumScale scaleOf(HostRows data) {
    RowStatistics statistics = new RowStatistics(data.dimension());
    statistics.add(data);
    return SumScale.of(statistics);
  }
}
