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

  /** Writes the nearest centroids of the rows to {@code assignments[to ..]}. */
  void assign(TileRows rows, PackedCentroids packed, int[] assignments, int to) {
    int count = rows.count();
    if (packed.centroids().k() == 1) {
      Arrays.fill(assignments, to, to + count, 0);
      return;
    }
    tile.load(rows, packed);
    screen.run(tile, packed);
    clock.screened();
    for (int point = 0; point < count; point++) {
      float threshold = threshold(point, packed);
      if (Float.isNaN(threshold)) {
        assignments[to + point] = nearestOfAll(rows, point, packed.centroids());
      } else if (screen.contested(point, threshold)) {
        contest.add(tile, point, threshold, to + point);
        if (contest.full()) {
          contest.decide(rows, packed, assignments);
        }
      } else {
        assignments[to + point] = screen.winner(point);
      }
    }
    contest.decide(rows, packed, assignments);
    clock.refined();
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
