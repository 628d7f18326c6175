package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import java.util.Arrays;

/** Exact assignments of one tile of rows after the other. One thread's; not thread-safe. */
final class Assigner {
  private final PointTile tile;
  private final Screen screen;
  private final Contest contest;
  private final PairDistances distances;
  private final TileClock clock;

  Assigner(
      TileKernel kernel, PairDistances distances, int capacity, int dimension, TileClock clock) {
    this.clock = clock;
    this.tile = new PointTile(capacity, dimension);
    this.screen = new Screen(kernel, capacity);
    this.contest = new Contest(kernel, distances, dimension);
    this.distances = distances;
  }

  /**
   * Finds the nearest centroids of the rows.
   *
   * @param assignments [rows], written
   * @param bounds [rows], written: at most the row's distance from every other centroid
   */
  void assign(TileRows rows, PackedCentroids packed, int[] assignments, float[] bounds) {
    int count = rows.count();
    if (packed.centroids().k() == 1) {
      Arrays.fill(assignments, 0, count, 0);
      Arrays.fill(bounds, 0, count, Float.MAX_VALUE);
      return;
    }
    tile.load(rows, packed);
    screen.run(tile, packed);
    clock.screened();
    for (int point = 0; point < count; point++) {
      float threshold = threshold(point, packed);
      if (Float.isNaN(threshold)) {
        assignments[point] = nearestOfAll(rows, point, packed.centroids());
        bounds[point] = 0;
      } else if (screen.contested(point, threshold)) {
        contest.add(tile, point, threshold);
        // Any centroid may win, the screen's winner be another.
        bounds[point] = distanceBelow(screen.ceiling(point), point, packed);
        if (contest.full()) {
          contest.decide(rows, packed, assignments);
        }
      } else {
        assignments[point] = screen.winner(point);
        bounds[point] = distanceBelow(screen.ceilingOfOthers(point), point, packed);
      }
    }
    contest.decide(rows, packed, assignments);
    clock.refined();
  }

  /**
   * Lowers bounds to what they are with some more centroids among the others.
   *
   * @param some the centroids
   * @param clusters which of all centroids they are
   * @param own [rows] the row's own centroid, of all, which is no other
   * @param bounds [rows], lowered
   */
  void lower(TileRows rows, PackedCentroids some, int[] clusters, int[] own, float[] bounds) {
    tile.load(rows, some);
    screen.run(tile, some);
    for (int point = 0; point < rows.count(); point++) {
      int winner = screen.winner(point);
      // A point beyond MAX_NORM may have any winner: its bound is 0.
      boolean ownWins = winner >= 0 && winner < clusters.length && clusters[winner] == own[point];
      float score = ownWins ? screen.ceilingOfOthers(point) : screen.ceiling(point);
      bounds[point] = Math.min(bounds[point], distanceBelow(score, point, some));
    }
  }

  private float distanceBelow(float score, int point, PackedCentroids packed) {
    double scaled = packed.bound().distanceBelow(score, tile.norm(point));
    return Math.max(0, Math.nextDown((float) (scaled / packed.frame().scale())));
  }

  private float threshold(int point, PackedCentroids packed) {
    double norm = tile.norm(point);
    int winner = screen.winner(point);
    // A point beyond MAX_NORM may have any winner, even one beyond k: its scores mean nothing.
    if (winner < 0 || !(norm <= ScreenBound.MAX_NORM)) {
      return ScreenBound.NO_SCREEN;
    }
    return packed.bound().threshold(screen.winnerScore(point), norm, packed.norm(winner));
  }

  /** By canonical distance to every centroid: for the few rows that float32 cannot hold. */
  private int nearestOfAll(TileRows rows, int point, Centroids centroids) {
    int best = 0;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int from = 0; from < centroids.k(); from += PairDistances.PAIRS) {
      int pairs = Math.min(PairDistances.PAIRS, centroids.k() - from);
      for (int pair = 0; pair < pairs; pair++) {
        int at = (from + pair) * centroids.dimension();
        distances.set(pair, rows.values(), rows.at(point), centroids.values(), at);
      }
      double[] computed = distances.compute();
      for (int pair = 0; pair < pairs; pair++) {
        if (computed[pair] < bestDistance) {
          bestDistance = computed[pair];
          best = from + pair;
        }
      }
    }
    return best;
  }
}
