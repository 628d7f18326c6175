package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.cpu.CpuEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A batch: each member has the bits of the CPU engine on that member alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchIT implements NeedsGpu {
  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());
  private CpuEngine cpu;
  private CudaEngine best;
  private CudaEngine portable;

  @BeforeAll
  void open() {
    if (CudaEngine.unavailable(0).isPresent()) {
      return;
    }
    CudaOptions options = CudaOptions.device(0).withTierBytes(1L << 30);
    cpu = new CpuEngine(4);
    best = CudaEngine.open(options);
    portable = CudaEngine.open(options.withScreen(ScreenChoice.PORTABLE));
  }

  @AfterAll
  void close() {
    for (LloydEngine engine : new LloydEngine[] {cpu, best, portable}) {
      if (engine != null) {
        engine.close();
      }
    }
  }

  /** Every kind of data in every type, members of random sizes: three iterations. */
  @ParameterizedTest
  @EnumSource(RowKind.class)
  void shouldGiveEachMemberTheCpuEnginesBits(RowKind kind) {
    Random random = new Random(seed + kind.ordinal());
    for (ElementType type : ElementType.values()) {
      for (int round = 0; round < 2; round++) {
        int dimension = 1 + random.nextInt(round == 0 ? 128 : 300);
        compare(members(kind, type, dimension, 7, false, random.nextLong()));
      }
    }
  }

  /** Members of one row, more centroids than rows, edges of tiles. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldTakeAnyShape(ElementType type) {
    int[][] shapes = {
      {1, 1}, {1, 300}, {2, 8}, {255, 127}, {256, 128}, {257, 129}, {511, 9}, {513, 257}, {1025, 1}
    };
    for (int dimension : new int[] {1, 32, 33, 64, 96, 100, 128, 129, 768}) {
      List<TestData> all = new ArrayList<>();
      for (int[] shape : shapes) {
        all.add(
            TestData.of(
                RowKind.NOISE, type, shape[0], dimension, shape[1], 1, false, seed + all.size()));
      }
      compare(all);
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldWeighRows(ElementType type) {
    compare(members(RowKind.NOISE, type, 33, 5, true, seed));
    compare(members(RowKind.OUTLIERS, type, 130, 5, true, seed));
  }

  /** Work items and tiles that are full; many octets, which are sorted in another way. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldTakeLargeMembersAndManyOctets(ElementType type) {
    List<TestData> all = new ArrayList<>();
    for (int k : new int[] {5, 1500, 60_000, 40_000}) {
      int rows = k == 5 ? 50_000 : 3000;
      all.add(TestData.of(RowKind.NOISE, type, rows, 24, k, 1, false, seed + k));
    }
    compare(all);
  }

  /** Half of the members sum moved rows only, the others all of them or none. */
  @ParameterizedTest
  @EnumSource(RowKind.class)
  void shouldSumWhatEachPlanSays(RowKind kind) {
    for (boolean weighted : new boolean[] {false, true}) {
      List<TestData> all = members(kind, ElementType.FLOAT32, 40, 6, weighted, seed);
      List<PassPlan> first = plans(all, all.stream().map(TestData::centroids).toList(), null);
      List<PartialSums> sums = together(best, all, first, null);
      List<PassPlan> second = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        Centroids before = all.get(i).centroids();
        Centroids now = TestData.update(all.get(i), before, sums.get(i));
        Sums which = List.of(Sums.MOVED, Sums.TOTALS, Sums.ALL).get(i % 3);
        second.add(new PassPlan(now, before, all.get(i).scale(), which));
      }
      List<PartialSums> actual = together(best, all, second, null);
      for (int i = 0; i < all.size(); i++) {
        same(
            actual.get(i),
            alone(all.get(i), second.get(i), null),
            second.get(i).sums() + " " + all.get(i));
      }
      forget(best, all);
    }
  }

  /** Every kernel once, on little data, for compute-sanitizer: narrow and wide rows, all sums. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  @Tag("every-kernel")
  void shouldLaunchEveryKernel(ElementType type) {
    for (boolean weighted : new boolean[] {false, true}) {
      for (int dimension : new int[] {20, 60, 90, 128, 140}) {
        List<TestData> all =
            List.of(
                TestData.of(RowKind.NOISE, type, 300, dimension, 20, 1, weighted, seed),
                TestData.of(RowKind.TIED, type, 1, dimension, 5, 1, weighted, seed),
                TestData.of(RowKind.ZERO, type, 9, dimension, 150, 1, weighted, seed));
        List<PassPlan> first = plans(all, all.stream().map(TestData::centroids).toList(), null);
        List<PartialSums> sums = together(best, all, first, null);
        List<PassPlan> second = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          Centroids before = all.get(i).centroids();
          Centroids now = TestData.update(all.get(i), before, sums.get(i));
          second.add(new PassPlan(now, before, all.get(i).scale(), Sums.MOVED));
          same(sums.get(i), alone(all.get(i), first.get(i), null), all.get(i).toString());
        }
        List<PartialSums> moved = together(best, all, second, null);
        for (int i = 0; i < all.size(); i++) {
          same(moved.get(i), alone(all.get(i), second.get(i), null), "moved, " + all.get(i));
        }
        forget(best, all);
      }
    }
  }

  /** Threads that each run their own iterations, with row outputs now and then. */
  @Test
  void shouldGatherPassesOfManyThreads() throws InterruptedException, ExecutionException {
    List<TestData> all = members(RowKind.CLUSTERED, ElementType.FLOAT16, 64, 40, false, seed);
    long launches = best.gathering().launches();
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      List<Future<List<PartialSums>>> results = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        int id = i;
        Callable<List<PartialSums>> fit = () -> fit(best, id, all.get(id));
        results.add(threads.submit(fit));
      }
      for (int i = 0; i < all.size(); i++) {
        List<PartialSums> actual = results.get(i).get();
        List<PartialSums> expected = fit(cpu, i, all.get(i));
        for (int iteration = 0; iteration < actual.size(); iteration++) {
          same(actual.get(iteration), expected.get(iteration), iteration + ", " + all.get(i));
        }
      }
    } finally {
      threads.shutdown();
    }
    assertThat(best.gathering().launches() - launches).isBetween(1L, all.size() * 8L / 2);
    forget(best, all);
  }

  /** Where nothing stays on the device, or previous assignments are unknown, chunks run alone. */
  @Test
  void shouldRunAloneWhatCannotRunTogether() {
    List<TestData> all = members(RowKind.NOISE, ElementType.FLOAT32, 20, 4, false, seed);
    List<Centroids> first = all.stream().map(TestData::centroids).toList();
    List<Centroids> second = new ArrayList<>();
    for (TestData data : all) {
      PassPlan plan = PassPlan.lloyd(data.centroids(), null, data.scale());
      second.add(TestData.update(data, data.centroids(), alone(data, plan, null)));
    }
    List<PassPlan> plans = plans(all, second, first);
    try (CudaEngine streaming = CudaEngine.open(CudaOptions.device(0).withTierBytes(0))) {
      for (CudaEngine engine : new CudaEngine[] {best, streaming}) {
        List<PartialSums> actual = together(engine, all, plans, null);
        for (int i = 0; i < all.size(); i++) {
          same(actual.get(i), alone(all.get(i), plans.get(i), null), all.get(i).toString());
        }
        forget(engine, all);
      }
    }
  }

  private static List<PartialSums> fit(LloydEngine engine, int id, TestData data) {
    List<PartialSums> all = new ArrayList<>();
    Centroids centroids = data.centroids();
    Centroids previous = null;
    for (int iteration = 0; iteration < 8; iteration++) {
      PassPlan plan = PassPlan.lloyd(centroids, previous, data.scale());
      try (Pass pass = engine.begin(plan)) {
        pass.feed(id, data.chunks().get(0), iteration % 3 == 1 ? data.outputs().get(0) : null)
            .join();
        all.add(pass.finish());
      }
      previous = centroids;
      centroids = TestData.update(data, centroids, all.get(iteration));
    }
    return all;
  }

  private static List<TestData> members(
      RowKind kind, ElementType type, int dimension, int count, boolean weighted, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int rows = 1 + random.nextInt(i % 2 == 0 ? 40 : 2000);
              int k = 1 + random.nextInt(i % 3 == 0 ? 9 : 400);
              return TestData.of(kind, type, rows, dimension, k, 1, weighted, random.nextLong());
            })
        .toList();
  }

  private static List<PassPlan> plans(
      List<TestData> all, List<Centroids> centroids, List<Centroids> previous) {
    return IntStream.range(0, all.size())
        .mapToObj(
            i ->
                PassPlan.lloyd(
                    centroids.get(i),
                    previous == null ? null : previous.get(i),
                    all.get(i).scale()))
        .toList();
  }

  private void compare(List<TestData> all) {
    for (CudaEngine engine : new CudaEngine[] {best, portable}) {
      String what = engine == best ? "best" : "portable";
      List<Centroids> centroids = all.stream().map(TestData::centroids).toList();
      List<Centroids> previous = null;
      for (int iteration = 0; iteration < 3; iteration++) {
        List<PassPlan> plans = plans(all, centroids, previous);
        List<RowOutputs> rows = all.stream().map(data -> data.outputs().get(0)).toList();
        List<PartialSums> sums = together(engine, all, plans, rows);
        List<Centroids> next = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          String label = "%s, iteration %d, %s".formatted(what, iteration, all.get(i));
          RowOutputs expectedRows = all.get(i).outputs().get(0);
          PartialSums expected = alone(all.get(i), plans.get(i), expectedRows);
          assertThat(rows.get(i).assignments().array())
              .as("assignments, %s", label)
              .isEqualTo(expectedRows.assignments().array());
          assertThat(rows.get(i).distances().array())
              .as("distances, %s", label)
              .isEqualTo(expectedRows.distances().array());
          same(sums.get(i), expected, label);
          next.add(TestData.update(all.get(i), centroids.get(i), expected));
        }
        previous = centroids;
        centroids = next;
      }
      forget(engine, all);
    }
  }

  private static void same(PartialSums actual, PartialSums expected, String label) {
    assertThat(actual.counts()).as("counts, %s", label).isEqualTo(expected.counts());
    assertThat(actual.low()).as("sums, %s", label).isEqualTo(expected.low());
    assertThat(actual.high()).as("high sums, %s", label).isEqualTo(expected.high());
    assertThat(actual.cost()).as("cost, %s", label).isEqualTo(expected.cost());
    assertThat(actual.rows()).as("rows, %s", label).isEqualTo(expected.rows());
    assertThat(actual.movedRows()).as("moved, %s", label).isEqualTo(expected.movedRows());
  }

  private static List<PartialSums> together(
      CudaEngine engine, List<TestData> all, List<PassPlan> plans, List<RowOutputs> outputs) {
    List<BatchMember> members = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      CudaPass pass = (CudaPass) engine.begin(plans.get(i));
      members.add(
          new BatchMember(
              pass, i, all.get(i).chunks().get(0), outputs == null ? null : outputs.get(i)));
    }
    for (BatchMember member : members) {
      var unused = member.pass.gather(member);
    }
    engine.gathering().add(members);
    return members.stream().map(member -> member.pass.finish()).toList();
  }

  private PartialSums alone(TestData data, PassPlan plan, RowOutputs outputs) {
    try (Pass pass = cpu.begin(plan)) {
      var unused = pass.feed(1_000_000, data.chunks().get(0), outputs);
      return pass.finish();
    } finally {
      cpu.forget(1_000_000);
    }
  }

  private static void forget(CudaEngine engine, List<TestData> all) {
    for (int i = 0; i < all.size(); i++) {
      engine.forget(i);
    }
  }
}
