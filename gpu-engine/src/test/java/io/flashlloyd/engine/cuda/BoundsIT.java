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
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that bounds leave out of the screen: no bit may depend on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundsIT implements NeedsGpu {
  private static final int STEPS = 6;
  private static final int BLOBS = 600;
  private static final int ROWS = 30_000;

  private final long seed = Long.getLong("flashlloyd.test.seed", System.nanoTime());
  private final List<CudaEngine> engines = new ArrayList<>();
  private CudaEngine oracle;
  private long unscreened;
  private long unscreenedBySecond;

  @BeforeAll
  void open() {
    if (CudaEngine.unavailable(0).isEmpty()) {
      CudaOptions options = CudaOptions.device(0).withTierBytes(1L << 30);
      CudaOptions always = options.withBounds(BoundsChoice.ALWAYS);
      oracle =
          CudaEngine.open(options.withScreen(ScreenChoice.NONE).withBounds(BoundsChoice.IGNORE));
      engines.add(CudaEngine.open(always));
      engines.add(CudaEngine.open(options.withBounds(BoundsChoice.SMALL)));
      engines.add(CudaEngine.open(always.withScreen(ScreenChoice.PORTABLE)));
      engines.add(CudaEngine.open(always.withTierBytes(0)));
    }
  }

  @AfterAll
  void close() {
    engines.forEach(CudaEngine::close);
    if (oracle != null) {
      oracle.close();
    }
  }

  /** Every kind of data in every type and for every screen, with centroids that do all they can. */
  @ParameterizedTest
  @EnumSource(RowKind.class)
  void shouldGiveTheSameBitsHoweverCentroidsMove(RowKind kind) {
    for (ElementType type : ElementType.values()) {
      for (int dimension : new int[] {0, 100, 180, 300}) {
        Random random = new Random(seed + kind.ordinal() * 64L + type.ordinal() * 8L + dimension);
        int d = dimension == 0 ? 1 + random.nextInt(128) : dimension;
        int k = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 390 + random.nextInt(700);
        int rows = 1 + random.nextInt(3000);
        boolean weighted = random.nextInt(4) == 0;
        walk(TestData.of(kind, type, rows, d, k, 2, weighted, random.nextLong()), random);
      }
    }
  }

  /** The reference engine, too, says so. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldGiveTheReferenceEnginesBits(ElementType type) {
    Random random = new Random(seed + type.ordinal());
    TestData data = TestData.of(RowKind.CLUSTERED, type, 700, 33, 500, 2, false, seed);
    try (LloydEngine reference = new ReferenceEngine()) {
      Centroids previous = null;
      Centroids now = data.centroids();
      for (int step = 0; step < 4; step++) {
        Sums sums = step < 2 ? Sums.ALL : Sums.MOVED;
        step(data, reference, now, previous, sums, "reference, step " + step);
        previous = now;
        now = moved(now, data, random);
      }
    }
    drop(data);
  }

  /** A rival comes from -8 to about where a row at 0 has its own centroid, at 4. */
  @ParameterizedTest
  @CsvSource({"-4", "-4.0000005", "-3.9999998", "-3.999", "-4.001", "-4.1", "-7"})
  void shouldSeeARivalThatComesAsNearAsTheRowsOwn(float arrival) {
    for (int k : new int[] {2, 500}) {
      TestData zeros = TestData.of(RowKind.ZERO, ElementType.FLOAT32, 600, 1, 1, 1, false, seed);
      float[] before = new float[k];
      for (int c = 0; c < k; c++) {
        before[c] = 1000 + c;
      }
      before[0] = -8;
      before[1] = 4;
      float[] after = before.clone();
      after[0] = arrival;
      Centroids first = new Centroids(before, k, 1);
      Centroids second = new Centroids(after, k, 1);
      TestData data = new TestData("zeros, k " + k, zeros.chunks(), first, zeros.scale());
      step(data, oracle, first, null, Sums.ALL, "before");
      step(data, oracle, second, first, Sums.MOVED, "rival at " + arrival);
      drop(data);
    }
  }

  /** Or bounds, however right, would be of no use; lost chunks are screened. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldScreenFewRowsOfBlobsInLateIterations(ElementType type) {
    // Of so few centroids, the screen of shorter rows is cheaper than to look at bounds twice.
    for (int dimension : new int[] {128, 150, 300}) {
      TestData data = blobs(type, dimension);
      Random random = new Random(seed);
      Centroids first = data.centroids();
      keep(data, first, null, 0);
      Centroids nudged = nudged(first, 1e-4f, random);
      keep(data, nudged, first, ROWS * 9L / 10);
      Centroids jumped = swapped(nudged, 3);
      keep(data, jumped, nudged, ROWS * 9L / 10);
      // One in ten rows has a centroid that is among the fastest, and stays.
      Centroids shaken = nudged(jumped, BLOBS / 10, 0.02f, random);
      keep(data, shaken, jumped, ROWS * 95L / 100);
      engines.forEach(engine -> engine.forget(0));
      keep(data, nudged(shaken, 1e-4f, random), shaken, 1);
      drop(data);
    }
  }

  /** A pass on all engines of which the second is to leave out so many rows at least. */
  private void keep(TestData data, Centroids now, Centroids previous, long least) {
    Sums sums = previous == null ? Sums.ALL : Sums.MOVED;
    step(data, oracle, now, previous, sums, "blobs");
    assertThat(unscreenedBySecond).as("%s, %s", sums, data).isBetween(least, (long) ROWS);
  }

  /** Rows close around centres that are their centroids. */
  private TestData blobs(ElementType type, int dimension) {
    Random random = new Random(seed + dimension);
    float[] centres = new float[BLOBS * dimension];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = 1.2f * (float) random.nextGaussian();
    }
    List<HostRows> chunks = new ArrayList<>();
    RowStatistics statistics = new RowStatistics(dimension);
    for (int chunk = 0; chunk < 2; chunk++) {
      ByteBuffer values =
          ByteBuffer.allocateDirect(ROWS / 2 * dimension * type.bytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < ROWS / 2 * dimension; i++) {
        int blob = (i / dimension + chunk) * 7 % BLOBS;
        float value = centres[blob * dimension + i % dimension];
        SyntheticRows.put(values, i, type, value + 0.1f * (float) random.nextGaussian());
      }
      HostRows rows = new HostRows(values, ROWS / 2, dimension, type);
      statistics.add(rows);
      chunks.add(rows);
    }
    // In the units that rows of the type have.
    float unit = type.bytes() == 1 ? 20 : 1;
    float origin = type == ElementType.UINT8 ? 128 : 0;
    for (int i = 0; i < centres.length; i++) {
      centres[i] = centres[i] * unit + origin;
    }
    Centroids centroids = new Centroids(centres, BLOBS, dimension);
    String name = "blobs %s dimension=%d seed=%d".formatted(type, dimension, seed);
    return new TestData(name, chunks, centroids, SumScale.of(statistics));
  }

  /** So many pairs of centroids with each other's number. */
  private static Centroids swapped(Centroids centroids, int pairs) {
    float[] values = centroids.values().clone();
    int d = centroids.dimension();
    for (int pair = 0; pair < pairs; pair++) {
      System.arraycopy(centroids.values(), 2 * pair * d, values, (2 * pair + 1) * d, d);
      System.arraycopy(centroids.values(), (2 * pair + 1) * d, values, 2 * pair * d, d);
    }
    return new Centroids(values, centroids.k(), d);
  }

  private void walk(TestData data, Random random) {
    Centroids previous = null;
    Centroids now = data.centroids();
    for (int step = 0; step < STEPS; step++) {
      Sums sums = previous == null || random.nextInt(3) == 0 ? Sums.ALL : Sums.MOVED;
      Centroids updated = step(data, oracle, now, previous, sums, "step " + step);
      if (random.nextInt(5) == 0) {
        int lost = random.nextInt(2);
        engines.forEach(engine -> engine.forget(lost));
      }
      if (previous != null && random.nextInt(5) == 0) {
        step(data, oracle, now, previous, sums, "step " + step + " again");
      }
      previous = now;
      now = step % 2 == 0 ? updated : moved(now, data, random);
    }
    drop(data);
  }

  private void drop(TestData data) {
    engines.forEach(data::dropFrom);
    data.dropFrom(oracle);
  }

  /** The same pass on all engines; returns the means. */
  private Centroids step(
      TestData data, LloydEngine truth, Centroids now, Centroids previous, Sums sums, String step) {
    PassPlan plan = new PassPlan(now, previous, data.scale(), sums);
    List<RowOutputs> expectedRows = data.outputs();
    PartialSums expected = data.feedTo(truth, plan, expectedRows);
    for (CudaEngine engine : engines) {
      String what = "engine %d, %s, %s, %s".formatted(engines.indexOf(engine), step, sums, data);
      List<RowOutputs> rows = data.outputs();
      PartialSums actual = run(engine, data, plan, rows);
      if (engine == engines.get(1)) {
        unscreenedBySecond = unscreened;
      }
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
      assertThat(actual.movedRows()).as("moved, %s", what).isEqualTo(expected.movedRows());
    }
    return sums == Sums.ALL ? TestData.update(data, now, expected) : now;
  }

  private PartialSums run(
      LloydEngine engine, TestData data, PassPlan plan, List<RowOutputs> outputs) {
    try (Pass pass = engine.begin(plan)) {
      for (int chunk = 0; chunk < data.chunks().size(); chunk++) {
        var unused =
            pass.feed(chunk, data.chunks().get(chunk), outputs == null ? null : outputs.get(chunk));
      }
      PartialSums sums = pass.finish();
      unscreened = pass.unscreenedRows();
      return sums;
    }
  }

  /** All of them a little, some of them a lot: to a row, to another centroid, far outside. */
  private static Centroids moved(Centroids centroids, TestData data, Random random) {
    float length = random.nextInt(3) == 0 ? 0 : (float) Math.pow(10, -random.nextInt(7));
    float[] values = nudged(centroids, length, random).values();
    int d = centroids.dimension();
    HostRows rows = data.chunks().get(0);
    for (int jump = random.nextInt(3); jump > 0; jump--) {
      int cluster = random.nextInt(centroids.k());
      int other = random.nextInt(centroids.k());
      int row = random.nextInt(Math.max(1, rows.rows()));
      int kind = random.nextInt(4);
      for (int t = 0; t < d; t++) {
        values[cluster * d + t] =
            switch (kind) {
              case 0 -> 1e20f;
              case 1 -> values[other * d + t];
              case 2 -> Math.nextUp(values[other * d + t]);
              default -> rows.get(row, t);
            };
      }
    }
    return new Centroids(values, centroids.k(), d);
  }

  private static Centroids nudged(Centroids centroids, float length, Random random) {
    return nudged(centroids, centroids.k(), length, random);
  }

  /** Two of three of the first so many centroids moved by about so much of their length. */
  private static Centroids nudged(Centroids centroids, int first, float length, Random random) {
    float[] values = centroids.values().clone();
    for (int i = 0; i < first * centroids.dimension(); i++) {
      if (i / centroids.dimension() % 3 != 0) {
        float value = values[i] + values[i] * length * (random.nextFloat() - 0.5f);
        values[i] = Float.isFinite(value) ? value : values[i];
      }
    }
    return new Centroids(values, centroids.k(), centroids.dimension());
  }
}
