package io.flashlloyd.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.PassRun;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.TestRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bounds kept from pass to pass save the screen of many rows and change no bit. */
class BoundsTest {
  private static final int CHUNKS = 3;
  private static final int STEPS = 6;
  private static final float[] MAGNITUDES = {1, 1, 1e30f, 3e38f, 1e-30f, 0x1p-140f, 1e12f};

  private static ReferenceEngine reference;
  private static CpuEngine cpu;
  private static long nextChunk;

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
  void shouldEqualReferenceWhileCentroidsWalk() {
    long unscreened = 0;
    for (long seed = 1; seed <= 24; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(seed % 6 == 0 ? 200 : 16);
      HostRows data = data(random, dimension);
      int k = 1 + random.nextInt(Math.min(data.rows(), seed % 3 == 1 ? 500 : 60));
      Centroids first = CpuEngineTest.chosenRows(data, k, random);
      unscreened += walk(data, first, random, "seed " + seed);
    }
    assertThat(unscreened).as("rows decided by bounds, all seeds").isGreaterThan(1_000);
  }

  @Test
  void shouldGiveTiesThatComeAboutToTheLowestIndex() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(4);
      // On a coarse grid centroids become equal, and as near as the row's own, again and again.
      HostRows data = TestRows.floats(CpuEngineTest.grid(900 * dimension, random), dimension);
      int k = seed % 2 == 0 ? 40 : 300;
      Centroids first = new Centroids(CpuEngineTest.grid(k * dimension, random), k, dimension);
      SumScale scale = scaleOf(data);
      Centroids previous = null;
      Centroids now = first;
      for (int step = 0; step < STEPS; step++) {
        check(data, now, previous, scale, "grid, seed %d, step %d".formatted(seed, step));
        float[] values = now.values().clone();
        for (int i = 0; i < values.length; i++) {
          values[i] += random.nextInt(8) == 0 ? random.nextInt(3) - 1 : 0;
        }
        previous = now;
        now = new Centroids(values, k, dimension);
      }
      nextChunk += CHUNKS;
    }
  }

  @Test
  void shouldSeeARivalThatComesAsNearAsTheRowsOwn() {
    // Rows at 0 belong to centroid 1 at 4; centroid 0 comes from -8 to about -4.
    HostRows data = TestRows.floats(new float[500], 1);
    SumScale scale = scaleOf(data);
    float[] arrivals = {
      -4, Math.nextUp(-4f), Math.nextDown(-4f), -3.999f, -4.001f, -4.1f, -4.5f, -7
    };
    for (float arrival : arrivals) {
      Centroids before = new Centroids(new float[] {-8, 4}, 2, 1);
      Centroids now = new Centroids(new float[] {arrival, 4}, 2, 1);
      check(data, before, null, scale, "before");
      PassRun found = check(data, now, before, scale, "arrival at " + arrival);
      assertThat(found.assignments()).as("at %s", arrival).containsOnly(arrival >= -4 ? 0 : 1);
      assertThat(found.unscreenedRows())
          .as("at %s", arrival)
          .isEqualTo(arrival <= -4.001f ? data.rows() : 0);
      nextChunk += CHUNKS;
    }
  }

  @Test
  void shouldScreenFewRowsOfBlobsInLateIterations() {
    Random random = new Random(77);
    int dimension = 32;
    HostRows data = TestRows.random(ElementType.FLOAT32, 6000, dimension, random);
    Centroids centres = new Centroids(new float[40 * dimension], 40, dimension);
    for (int i = 0; i < centres.values().length; i++) {
      centres.values()[i] = 3 * (float) random.nextGaussian();
    }
    for (int row = 0; row < data.rows(); row++) {
      int centre = random.nextInt(40);
      for (int t = 0; t < dimension; t++) {
        int at = 4 * (row * dimension + t);
        data.values().putFloat(at, data.values().getFloat(at) + centres.get(centre, t));
      }
    }
    SumScale scale = scaleOf(data);
    Centroids previous = null;
    Centroids now = centres;
    for (int step = 0; step < 4; step++) {
      PassRun found = check(data, now, previous, scale, "blobs, step " + step);
      assertThat(found.unscreenedRows())
          .as("step %d", step)
          .isBetween(step == 0 ? 0 : data.rows() * 9L / 10, step == 0 ? 0L : data.rows());
      previous = now;
      now = moved(now, 0.01f, random);
    }
    cpu.forget(nextChunk);
    long lost = data.rows() / CHUNKS;
    assertThat(check(data, now, previous, scale, "a chunk lost").unscreenedRows())
        .isBetween(data.rows() * 5L / 10, data.rows() - lost);
    nextChunk += CHUNKS;
  }

  @Test
  void shouldScreenFewRowsWhereAFewOfManyCentroidsJump() {
    Random random = new Random(78);
    HostRows data = TestRows.random(ElementType.FLOAT32, 4000, 24, random);
    SumScale scale = scaleOf(data);
    Centroids before = CpuEngineTest.chosenRows(data, 400, random);
    Centroids now = before;
    for (int jump = 0; jump < 3; jump++) {
      now = jumped(now, data, random);
    }
    check(data, before, null, scale, "before");
    PassRun found = check(data, now, before, scale, "three jumps");
    assertThat(found.unscreenedRows()).isBetween(data.rows() * 8L / 10, (long) data.rows());
    nextChunk += CHUNKS;
  }

  @Test
  void shouldRejectAnUnknownUse() {
    System.setProperty(CpuEngine.BOUNDS_PROPERTY, "perhaps");
    try {
      assertThatThrownBy(() -> new CpuEngine(1))
          .hasMessage("flashlloyd.cpu.bounds is \"perhaps\" (expected use or ignore)");
    } finally {
      System.clearProperty(CpuEngine.BOUNDS_PROPERTY);
    }
  }

  /** Returns how many rows were not screened. */
  private static long walk(HostRows data, Centroids first, Random random, String what) {
    SumScale scale = scaleOf(data);
    Centroids previous = null;
    Centroids now = first;
    long unscreened = 0;
    float length = random.nextInt(3) == 0 ? 0.5f : (float) Math.pow(10, -random.nextInt(8));
    for (int step = 0; step < STEPS; step++) {
      String where =
          "%s, step %d: %d x %d %s, k=%d, moves of %s"
              .formatted(what, step, data.rows(), data.dimension(), data.type(), first.k(), length);
      if (random.nextInt(6) == 0) {
        cpu.forget(nextChunk + random.nextInt(CHUNKS));
      }
      unscreened += check(data, now, previous, scale, where).unscreenedRows();
      previous = now;
      now = random.nextInt(5) == 0 ? jumped(now, data, random) : moved(now, length, random);
    }
    nextChunk += CHUNKS;
    return unscreened;
  }

  private static PassRun check(
      HostRows data, Centroids now, Centroids previous, SumScale scale, String what) {
    Sums sums = previous == null ? Sums.ALL : Sums.MOVED;
    PassPlan plan = new PassPlan(now, previous, scale, sums);
    PassRun expected = PassRun.of(reference, plan, data, 1, 0);
    PassRun found = PassRun.of(cpu, plan, data, CHUNKS, nextChunk);
    found.assertSameAs(expected, what);
    return found;
  }

  /** Of any type, magnitude and weight, repeats among the rows. */
  private static HostRows data(Random random, int dimension) {
    ElementType type = ElementType.values()[random.nextInt(4)];
    HostRows data = TestRows.random(type, 200 + random.nextInt(500), dimension, random);
    if (type == ElementType.FLOAT32) {
      float magnitude = MAGNITUDES[random.nextInt(MAGNITUDES.length)];
      for (int i = 0; i < data.rows() * dimension; i++) {
        float value = Math.max(-1, Math.min(1, data.values().getFloat(4 * i) / 4)) * magnitude;
        data.values().putFloat(4 * i, value);
      }
    }
    int[] order = random.ints(data.rows(), 0, data.rows()).toArray();
    HostRows repeated = TestRows.gather(data, order);
    return random.nextInt(3) == 0 ? TestRows.weighted(repeated, 5, random) : repeated;
  }

  /** Some centroids moved by about so much of their own length. */
  private static Centroids moved(Centroids centroids, float length, Random random) {
    float[] values = centroids.values().clone();
    for (int i = 0; i < values.length; i++) {
      if (i / centroids.dimension() % 3 != 0) {
        float value = values[i] + values[i] * length * (random.nextFloat() - 0.5f);
        values[i] = Float.isFinite(value) ? value : values[i];
      }
    }
    return new Centroids(values, centroids.k(), centroids.dimension());
  }

  /** One centroid moved to a row or to another centroid, far outside now and then. */
  private static Centroids jumped(Centroids centroids, HostRows data, Random random) {
    float[] values = centroids.values().clone();
    int cluster = random.nextInt(centroids.k());
    int other = random.nextInt(centroids.k());
    int row = random.nextInt(data.rows());
    float far = random.nextInt(4) == 0 ? 1e20f : 0;
    boolean twin = random.nextBoolean();
    for (int t = 0; t < centroids.dimension(); t++) {
      values[cluster * centroids.dimension() + t] =
          far > 0 ? far : twin ? centroids.get(other, t) : data.get(row, t);
    }
    return new Centroids(values, centroids.k(), centroids.dimension());
  }

  private static SumScale scaleOf(HostRows data) {
    RowStatistics statistics = new RowStatistics(data.dimension());
    statistics.add(data);
    return SumScale.of(statistics);
  }
}
