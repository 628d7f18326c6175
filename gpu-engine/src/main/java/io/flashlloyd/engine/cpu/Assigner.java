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

  // Of each point, for the bound's loops.
  private final double[] scores;
  private final double[] winnerNorms;
  private final double[] reaches;
  private final double[] thresholds;
  private final double[] distancesBelow;
  private final float[] lowered;

  Assigner(
      TileKernel kernel, PairDistances distances, int capacity, int dimension, TileClock clock) {
    this.clock = clock;
    this.tile = new PointTile(capacity, dimension);
    this.screen = new Screen(kernel, capacity);
    this.contest = new Contest(kernel, distances, dimension);
    this.distances = distances;
    this.scores = new double[capacity];
    this.winnerNorms = new double[capacity];
    this.reaches = new double[capacity];
    this.thresholds = new double[capacity];
    this.distancesBelow = new double[capacity];
    this.lowered = new float[capacity];
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
    findThresholds(packed, count);
    for (int point = 0; point < count; point++) {
      float threshold = Math.nextDown((float) thresholds[point]);
      if (!ScreenBound.screens(tile.norm(point), reaches[point]) || screen.winner(point) < 0) {
        assignments[point] = nearestOfAll(rows, point, packed.centroids());
        scores[point] = Double.POSITIVE_INFINITY;
      } else if (screen.contested(point, threshold)) {
        contest.add(tile, point, threshold);
        // Any centroid may win, the screen's winner be another.
        scores[point] = screen.ceiling(point);
        if (contest.full()) {
          contest.decide(rows, packed, assignments);
        }
      } else {
        assignments[point] = screen.winner(point);
        scores[point] = screen.ceilingOfOthers(point);
      }
    }
    contest.decide(rows, packed, assignments);
    findBounds(packed, count, bounds);
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
    int count = rows.count();
    for (int point = 0; point < count; point++) {
      int winner = screen.winner(point);
      // A point beyond MAX_NORM may have any winner: its bound is 0.
      boolean ownWins = winner >= 0 && winner < clusters.length && clusters[winner] == own[point];
      scores[point] = ownWins ? screen.ceilingOfOthers(point) : screen.ceiling(point);
    }
    findBounds(some, count, lowered);
    for (int point = 0; point < count; point++) {
      bounds[point] = Math.min(bounds[point], lowered[point]);
    }
  }

  private void findThresholds(PackedCentroids packed, int count) {
    int k = packed.centroids().k();
    for (int point = 0; point < count; point++) {
      int winner = screen.winner(point);
      // A point beyond MAX_NORM may have any winner, even one beyond k: its scores mean nothing.
      winnerNorms[point] = winner >= 0 && winner < k ? packed.norm(winner) : 0;
      scores[point] = screen.winnerScore(point);
    }
    packed.bound().thresholds(count, scores, tile.norms(), winnerNorms, reaches, thresholds);
  }

  /** At most the distances of points from all centroids whose score is at most the point's. */
  private void findBounds(PackedCentroids packed, int count, float[] bounds) {
    packed.bound().distancesBelow(count, scores, tile.norms(), distancesBelow);
    float unscale = 1 / packed.frame().scale();
    for (int point = 0; point < count; point++) {
      float bound = Math.nextDown((float) (distancesBelow[point] * unscale));
      bounds[point] = tile.norm(point) <= ScreenBound.MAX_NORM / 2 ? Math.max(0, bound) : 0;
    }
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
