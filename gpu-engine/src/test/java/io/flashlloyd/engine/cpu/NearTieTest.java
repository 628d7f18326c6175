package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.TestRows;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rows so near to a bisector that float32 scores order them wrongly: the bound must hand them to
 * the canonical distance. Without a bound most of these rows would be lost.
 */
class NearTieTest {
  private static final int ROWS = 400;
  private static final int K = 24;

  @BeforeAll
  static void open() {
    CpuEngineTest.open();
  }

  @AfterAll
  static void close() {
    CpuEngineTest.close();
  }

  @Test
  void shouldDecideRowsOnBisectors() {
    for (long seed = 1; seed <= 24; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(seed % 6 == 0 ? 300 : 30);
      float spread = (float) Math.pow(10, random.nextInt(9) - 4);
      float offset = (float) Math.pow(10, random.nextInt(7) - 3);
      float[] centroids = new float[K * dimension];
      for (int i = 0; i < centroids.length; i++) {
        centroids[i] = offset + spread * (float) random.nextGaussian();
      }
      float[] rows = new float[ROWS * dimension];
      for (int row = 0; row < ROWS; row++) {
        int a = random.nextInt(K) * dimension;
        int b = random.nextInt(K) * dimension;
        for (int t = 0; t < dimension; t++) {
          float middle = (float) (((double) centroids[a + t] + centroids[b + t]) / 2);
          rows[row * dimension + t] = moveByUlps(middle, random.nextInt(5) - 2);
        }
      }
      check(rows, centroids, dimension, "bisectors, seed " + seed);
    }
  }

  @Test
  void shouldTellCentroidsApartThatDifferByAnUlp() {
    for (long seed = 1; seed <= 24; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(60);
      float[] centroids = new float[K * dimension];
      for (int i = 0; i < centroids.length; i++) {
        centroids[i] = (float) random.nextGaussian();
      }
      // The second half repeats the first, but for an ulp in one coordinate.
      int half = K / 2 * dimension;
      System.arraycopy(centroids, 0, centroids, half, half);
      for (int cluster = K / 2; cluster < K; cluster++) {
        int i = cluster * dimension + random.nextInt(dimension);
        centroids[i] = moveByUlps(centroids[i], random.nextBoolean() ? 1 : -1);
      }
      float[] rows = new float[ROWS * dimension];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) random.nextGaussian();
      }
      check(rows, centroids, dimension, "ulp pairs, seed " + seed);
    }
  }

  private static float moveByUlps(float value, int ulps) {
    float moved = value;
    for (int i = 0; i < Math.abs(ulps); i++) {
      moved = ulps > 0 ? Math.nextUp(moved) : Math.nextDown(moved);
    }
    return moved;
  }

  private static void check(float[] rows, float[] centroids, int dimension, String what) {
    CpuEngineTest.check(
        TestRows.floats(rows, dimension), new Centroids(centroids, K, dimension), null, what);
  }
}
