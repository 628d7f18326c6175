package io.flashlloyd.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.TestRows;
import io.flashlloyd.engine.exact.CanonicalDistance;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Screen scores are off by no more than the bound says, and the bound is no wild guess. */
class ScreenBoundTest {
  private static final int ROWS = 64;
  private static final int K = 80;

  private final TileKernel kernel = TileShape.choose();

  /**
   * In vectors of one repeated value all roundings of a stretch go the same way: the worst case,
   * but for a constant.
   */
  @Test
  void shouldHoldWhereRoundingsAddUp() {
    double worst = 0;
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(1000);
      float[] rows = repeated(ROWS, dimension, random);
      float[] centroids = repeated(K, dimension, random);
      worst = Math.max(worst, worstShare(rows, centroids, dimension, "repeated, seed " + seed));
    }
    assertThat(worst).as("largest share of the bound that is used").isGreaterThan(0.2);
  }

  @Test
  void shouldHoldForRandomVectors() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(50);
      double spread = Math.pow(10, random.nextInt(20) - 10);
      double offset = Math.pow(10, random.nextInt(20) - 10);
      float[] rows = gaussians(ROWS * dimension, spread, offset, random);
      float[] centroids = gaussians(K * dimension, spread, offset, random);
      worstShare(rows, centroids, dimension, "random, seed " + seed);
    }
  }

  @Test
  void shouldBoundTheDistanceFromAllOtherCentroids() {
    double closest = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      int dimension = 1 + random.nextInt(seed % 4 == 0 ? 500 : 20);
      double spread = Math.pow(10, random.nextInt(20) - 10);
      double offset = Math.pow(10, random.nextInt(20) - 10);
      float[] rows = gaussians(ROWS * dimension, spread, offset, random);
      float[] centroids =
          seed % 3 == 0
              ? repeated(K, dimension, random)
              : gaussians(K * dimension, spread, offset, random);
      closest = Math.max(closest, closestBound(rows, centroids, dimension, "seed " + seed));
    }
    assertThat(closest).as("largest bound as a share of the distance").isGreaterThan(0.999);
  }

  /** The largest bound as a share of the distance that it bounds; fails where it is over 1. */
  private double closestBound(float[] rows, float[] values, int dimension, String what) {
    TileRows decoded = new TileRows(ROWS, dimension);
    decoded.load(TestRows.floats(rows, dimension), 0, ROWS);
    Assigner assigner =
        new Assigner(kernel, new PairDistances(dimension), ROWS, dimension, new TileClock());
    Centroids centroids = new Centroids(values, K, dimension);
    int[] assigned = new int[ROWS];
    float[] bounds = new float[ROWS];
    assigner.assign(decoded, new PackedCentroids(centroids, kernel), assigned, bounds);
    double closest = 0;
    for (int row = 0; row < ROWS; row++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int c = 0; c < K; c++) {
        if (c != assigned[row]) {
          double square =
              CanonicalDistance.squared(rows, row * dimension, values, c * dimension, dimension);
          nearest = Math.min(nearest, Math.sqrt(square));
        }
      }
      assertThat((double) bounds[row])
          .as("bound of row %d, %s", row, what)
          .isLessThanOrEqualTo(nearest * (1 + 1e-12));
      closest = Math.max(closest, bounds[row] / nearest);
    }
    return closest;
  }

  private static float[] repeated(int count, int dimension, Random random) {
    float[] values = new float[count * dimension];
    for (int i = 0; i < count; i++) {
      java.util.Arrays.fill(values, i * dimension, (i + 1) * dimension, random.nextFloat() * 4);
    }
    return values;
  }

  private static float[] gaussians(int count, double spread, double offset, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (offset + spread * random.nextGaussian());
    }
    return values;
  }

  /** Over all pairs, the largest error as a share of its bound; fails where it is over 1. */
  private double worstShare(float[] rows, float[] values, int dimension, String what) {
    HostRows chunk = TestRows.floats(rows, dimension);
    PackedCentroids packed = new PackedCentroids(new Centroids(values, K, dimension), kernel);
    TileRows decoded = new TileRows(ROWS, dimension);
    decoded.load(chunk, 0, ROWS);
    PointTile tile = new PointTile(ROWS, dimension);
    tile.load(decoded, packed);
    Screen screen = new Screen(kernel, ROWS);
    double worst = 0;
    for (int panel = 0; panel < packed.panels(); panel++) {
      float[] scores = screen.score(tile, packed, panel);
      int first = panel * kernel.panelSize();
      for (int c = first; c < Math.min(K, first + kernel.panelSize()); c++) {
        for (int row = 0; row < ROWS; row++) {
          float score = scores[row * kernel.panelSize() + c - first];
          double exact = score(rows, row * dimension, values, c * dimension, packed.frame());
          double error = Math.abs(score - packed.frame().bias() - exact);
          double share = error / packed.bound().error(tile.norm(row), packed.norm(c));
          assertThat(share).as("row %d, centroid %d, %s", row, c, what).isLessThanOrEqualTo(1);
          worst = Math.max(worst, share);
        }
      }
    }
    return worst;
  }

  /** x'.c' - |c'|^2 / 2 in float64, whose own error is 2^-29 of what is looked for. */
  private static double score(float[] x, int xFrom, float[] c, int cFrom, Frame frame) {
    double sum = 0;
    for (int t = 0; t < frame.centre().length; t++) {
      double a = ((double) x[xFrom + t] - frame.centre()[t]) * frame.scale();
      double b = ((double) c[cFrom + t] - frame.centre()[t]) * frame.scale();
      sum += a * b - b * b / 2;
    }
    return sum;
  }
}
