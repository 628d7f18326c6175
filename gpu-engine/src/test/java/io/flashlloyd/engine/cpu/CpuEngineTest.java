package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.PassRun;
import io.flashlloyd.engine.TestRows;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The CPU engine gives the bits of the reference engine, whatever the data. */
class CpuEngineTest {
  private static CpuEngine one;
  private static CpuEngine two;
  private static long nextChunk;

  @BeforeAll
  static void open() {
    one = new CpuEngine(1);
    two = new CpuEngine(2);
  }

  @AfterAll
  static void close() {
    one.close();
    two.close();
  }

  @Test
  void shouldEqualReferenceOnRandomShapes() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(seed % 4 == 0 ? 300 : 40);
      int rows = 1 + random.nextInt(seed % 5 == 0 ? 5000 : 400);
      int most = (int) Math.min(rows, 1 + 20_000_000L / ((long) rows * dimension));
      int k = 1 + random.nextInt(most);
      ElementType type = ElementType.values()[random.nextInt(4)];
      HostRows data = TestRows.random(type, rows, dimension, random);
      String what = "seed %d: %d x %d %s, k=%d".formatted(seed, rows, dimension, type, k);
      if (seed % 3 == 0) {
        data = TestRows.weighted(data, seed % 2 == 0 ? 5 : 1L << 40, random);
      }
      check(data, chosenRows(data, k, random), chosenRows(data, k, random), what);
    }
  }

  @Test
  void shouldEqualReferenceInManyDimensions() {
    Random random = new Random(784);
    for (ElementType type : ElementType.values()) {
      HostRows data = TestRows.random(type, 300, 784, random);
      check(
          data,
          chosenRows(data, 40, random),
          chosenRows(data, 70, random),
          "784 dimensions " + type);
    }
  }

  @Test
  void shouldEqualReferenceBeyondOneSlab() {
    Random random = new Random(65);
    HostRows data = TestRows.random(ElementType.FLOAT32, 3000, 3, random);
    check(data, chosenRows(data, 2500, random), chosenRows(data, 3000, random), "2500 centroids");
  }

  @Test
  void shouldGiveTiesToTheLowestIndex() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(6);
      // Points and centroids on a coarse grid: most rows tie, many centroids are equal.
      float[] points = grid(500 * dimension, random);
      float[] centroids = grid(150 * dimension, random);
      check(
          TestRows.floats(points, dimension),
          new Centroids(centroids, 150, dimension),
          null,
          "grid, seed " + seed);
    }
  }

  @Test
  void shouldEqualReferenceAtAnyMagnitude() {
    float[] magnitudes = {1e30f, 3e38f, 1e-30f, 0x1p-126f, 0x1p-140f, Float.MIN_VALUE * 9, 1e12f};
    for (int i = 0; i < 42; i++) {
      Random random = new Random(i);
      int dimension = 1 + random.nextInt(20);
      float[] values = new float[300 * dimension];
      for (int j = 0; j < values.length; j++) {
        // Every third case mixes two magnitudes.
        int which = i % 3 == 0 && random.nextBoolean() ? i + 1 : i;
        values[j] = (random.nextFloat() * 2 - 1) * magnitudes[which % magnitudes.length];
      }
      HostRows data = TestRows.floats(values, dimension);
      check(data, chosenRows(data, 40, random), null, "magnitudes, seed " + i);
    }
  }

  @Test
  void shouldEqualReferenceBesideOutlierCentroids() {
    for (long seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(30);
      float[] points = new float[1000 * dimension];
      for (int i = 0; i < points.length; i++) {
        points[i] = random.nextFloat();
      }
      points[0] = 1e12f;
      points[points.length - 1] = -3e38f;
      float[] centroids = new float[50 * dimension];
      for (int i = 0; i < centroids.length; i++) {
        centroids[i] = random.nextFloat();
      }
      centroids[7] = 1e12f;
      centroids[centroids.length - 2] = 1e6f;
      centroids[centroids.length / 2] = 3.4e38f;
      check(
          TestRows.floats(points, dimension),
          new Centroids(centroids, 50, dimension),
          null,
          "outliers, seed " + seed);
    }
  }

  @Test
  void shouldNotDependOnTheOrderOfRows() {
    for (long seed = 1; seed <= 8; seed++) {
      Random random = new Random(seed);
      HostRows data = TestRows.random(ElementType.FLOAT32, 2000, 12, random);
      int[] order = IntStream.range(0, data.rows()).toArray();
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      HostRows shuffled = TestRows.gather(data, order);
      PassPlan plan = PassPlan.lloyd(chosenRows(data, 90, random), null, scaleOf(data));
      PassPlan shuffledPlan = PassPlan.lloyd(plan.centroids(), null, scaleOf(shuffled));
      PassRun expected = PassRun.of(new ReferenceEngine(), plan, data, 1, 0);
      PassRun found = PassRun.of(two, shuffledPlan, shuffled, 5, nextChunk);
      nextChunk += 5;
      found.assertSameSums(expected.sums(), "shuffled, seed " + seed);
    }
  }

  @Test
  void shouldEqualReferenceWithTheNarrowTile() {
    System.setProperty(TileShape.PROPERTY, "narrow");
    CpuEngine wide = one;
    try (CpuEngine narrow = new CpuEngine(1)) {
      one = narrow;
      Random random = new Random(42);
      HostRows data = TestRows.random(ElementType.FLOAT32, 3000, 131, random);
      check(data, chosenRows(data, 150, random), chosenRows(data, 99, random), "narrow tile");
      HostRows flat = TestRows.random(ElementType.FLOAT16, 2000, 2, random);
      check(flat, chosenRows(flat, 1500, random), null, "narrow tile, many slabs");
    } finally {
      one = wide;
      System.clearProperty(TileShape.PROPERTY);
    }
  }

  private static SumScale scaleOf(HostRows data) {
    RowStatistics statistics = new RowStatistics(data.dimension());
    statistics.add(data);
    return SumScale.of(statistics);
  }

  static float[] grid(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(4) - 1.5f;
    }
    return values;
  }

  /** Rows of the data as centroids, repeats among them. */
  static Centroids chosenRows(HostRows data, int k, Random random) {
    float[] values = new float[k * data.dimension()];
    for (int cluster = 0; cluster < k; cluster++) {
      int row = random.nextInt(data.rows());
      for (int t = 0; t < data.dimension(); t++) {
        values[cluster * data.dimension() + t] = data.get(row, t);
      }
    }
    return new Centroids(values, k, data.dimension());
  }

  /** One and two threads, 1, 3 and 17 chunks, against the reference. */
  static void check(HostRows data, Centroids centroids, Centroids previous, String what) {
    PassPlan plan = PassPlan.lloyd(centroids, previous, scaleOf(data));
    PassRun expected = PassRun.of(new ReferenceEngine(), plan, data, 1, 0);
    for (CpuEngine engine : new CpuEngine[] {one, two}) {
      for (int chunks : new int[] {1, 3, 17}) {
        long first = nextChunk;
        nextChunk += chunks;
        PassRun found = PassRun.of(engine, plan, data, chunks, first);
        found.assertSameAs(expected, what + ", " + chunks + " chunks, " + engine.description());
      }
    }
  }
}
