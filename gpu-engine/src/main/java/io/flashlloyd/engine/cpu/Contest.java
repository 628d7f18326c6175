package io.flashlloyd.engine.cpu;

import java.util.Arrays;

/**
 * Points whose nearest centroid the screen leaves open: they are scored again, every centroid at or
 * above the point's threshold is a candidate, and canonical distances decide, the lowest index
 * winning ties. One thread's; not thread-safe.
 */
final class Contest {
  private static final int CAPACITY = 64;

  private final TileKernel kernel;
  private final Screen screen;
  private final PointTile tile;
  private final PairDistances distances;
  private final int[] rows = new int[CAPACITY];
  private final float[] thresholds = new float[CAPACITY];
  private final int[] nearest = new int[CAPACITY];
  private final double[] nearestDistance = new double[CAPACITY];
  private final int[] pairPoint = new int[PairDistances.PAIRS];
  private final int[] pairCentroid = new int[PairDistances.PAIRS];
  private int points;
  private int pairs;

  Contest(TileKernel kernel, PairDistances distances, int dimension) {
    this.kernel = kernel;
    this.distances = distances;
    this.screen = new Screen(kernel, CAPACITY);
    this.tile = new PointTile(CAPACITY, dimension);
  }

  boolean full() {
    return points == CAPACITY;
  }

  /** Takes row {@code point} of a tile in. */
  void add(PointTile from, int point, float threshold) {
    tile.copy(from, point, points);
    rows[points] = point;
    thresholds[points] = threshold;
    points++;
  }

  /**
   * Decides all points taken in, which are rows of {@code from}, and forgets them.
   *
   * @param assignments [rows], those of the points are written
   */
  void decide(TileRows from, PackedCentroids packed, int[] assignments) {
    if (points == 0) {
      return;
    }
    tile.clearRest();
    Arrays.fill(nearestDistance, 0, points, Double.POSITIVE_INFINITY);
    int k = packed.centroids().k();
    int size = kernel.panelSize();
    for (int panel = 0; panel < packed.panels(); panel++) {
      float[] scores = screen.score(tile, packed, panel);
      int members = Math.min(size, k - panel * size);
      for (int point = 0; point < points; point++) {
        candidates(from, scores, point, panel * size, members, packed);
      }
    }
    flush();
    for (int point = 0; point < points; point++) {
      assignments[rows[point]] = nearest[point];
    }
    points = 0;
  }

  private void candidates(
      TileRows from, float[] scores, int point, int first, int members, PackedCentroids packed) {
    float threshold = thresholds[point];
    int start = point * kernel.panelSize();
    for (int i = 0; i < members; i++) {
      if (scores[start + i] >= threshold) {
        pair(from, point, first + i, packed);
      }
    }
  }

  private void pair(TileRows from, int point, int centroid, PackedCentroids packed) {
    int at = centroid * packed.centroids().dimension();
    distances.set(pairs, from.values(), from.at(rows[point]), packed.centroids().values(), at);
    pairPoint[pairs] = point;
    pairCentroid[pairs] = centroid;
    pairs++;
    if (pairs == PairDistances.PAIRS) {
      flush();
    }
  }

  private void flush() {
    double[] computed = distances.compute();
    // A point's candidates come in the order of their indices: the first of equals stays.
    for (int pair = 0; pair < pairs; pair++) {
      int point = pairPoint[pair];
      if (computed[pair] < nearestDistance[point]) {
        nearestDistance[point] = computed[pair];
        nearest[point] = pairCentroid[pair];
      }
    }
    pairs = 0;
  }
}
