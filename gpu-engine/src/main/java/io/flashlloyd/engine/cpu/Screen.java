package io.flashlloyd.engine.cpu;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Scores a tile of points against all centroids and keeps the best of each point: FlashAssign on
 * vector registers, the points x centroids matrix never exists. One thread's; not thread-safe.
 */
final class Screen {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /** Coordinates of a panel that stay in the first-level cache while the tile's points pass. */
  private static final int STRETCH = 128;

  private final TileKernel kernel;
  private final float[] scores;
  private final int[] best;
  private final int[] second;
  private final int[] winners;
  private final float[] winnerScores;
  private final int[] runnersUp;

  Screen(TileKernel kernel, int capacity) {
    this.kernel = kernel;
    this.scores = new float[capacity * kernel.panelSize()];
    this.best = new int[capacity * kernel.lanes()];
    this.second = new int[best.length];
    this.winners = new int[capacity];
    this.winnerScores = new float[capacity];
    this.runnersUp = new int[capacity];
  }

  /** The centroid of the best positive score, or -1 where there is none. */
  int winner(int point) {
    return winners[point];
  }

  /** At most the winner's score. */
  float winnerScore(int point) {
    return winnerScores[point];
  }

  /** At least the score of every centroid but the winner. */
  float ceilingOfOthers(int point) {
    return ScoreKey.ceiling(runnersUp[point]);
  }

  /** At least the score of every centroid. */
  float ceiling(int point) {
    return ScoreKey.ceiling(Float.floatToRawIntBits(winnerScores[point]));
  }

  /** Whether another centroid than the winner may have a score of at least the threshold. */
  boolean contested(int point, float threshold) {
    return !(threshold > 0)
        || runnersUp[point] >= ScoreKey.floorBits(Float.floatToRawIntBits(threshold));
  }

  /** Screens all points of the tile. */
  void run(PointTile tile, PackedCentroids packed) {
    int points = tile.points();
    Arrays.fill(winners, 0, points, -1);
    Arrays.fill(winnerScores, 0, points, 0);
    Arrays.fill(runnersUp, 0, points, ScoreKey.NONE);
    int slabPanels = ScoreKey.SLAB / kernel.vectors();
    for (int slab = 0; slab < packed.panels(); slab += slabPanels) {
      int lanes = points * kernel.lanes();
      Arrays.fill(best, 0, lanes, ScoreKey.NONE);
      Arrays.fill(second, 0, lanes, ScoreKey.NONE);
      int end = Math.min(slab + slabPanels, packed.panels());
      for (int panel = slab; panel < end; panel++) {
        score(tile, packed, panel);
        kernel.keep(scores, points, (panel - slab) * kernel.vectors(), best, second);
      }
      for (int point = 0; point < points; point++) {
        merge(point, slab * kernel.vectors());
      }
    }
  }

  /** Scores all points against one panel, {@code [points x panel size]}, valid until the next. */
  float[] score(PointTile tile, PackedCentroids packed, int panel) {
    int dimension = packed.centroids().dimension();
    int stretch = stretch(dimension);
    for (int t = 0; t < dimension; t += stretch) {
      boolean first = t == 0;
      kernel.accumulate(
          tile.values(),
          t,
          tile.stride(),
          tile.quadCount(),
          packed.values(),
          packed.offset(panel, t),
          Math.min(stretch, dimension - t),
          first ? packed.starts() : scores,
          first ? panel * kernel.panelSize() : 0,
          !first,
          scores);
    }
    return scores;
  }

  /** At most {@link #STRETCH}, all about the same. */
  private static int stretch(int dimension) {
    int stretches = (dimension + STRETCH - 1) / STRETCH;
    return (dimension + stretches - 1) / stretches;
  }

  /** Reduces the lanes of a point and takes the slab's best in. */
  private void merge(int point, int firstVector) {
    int from = point * kernel.lanes();
    IntVector high = IntVector.fromArray(INTS, best, from);
    IntVector low = IntVector.fromArray(INTS, second, from);
    int topKey = high.reduceLanes(VectorOperators.MAX);
    VectorMask<Integer> tops = high.compare(VectorOperators.EQ, topKey);
    // Of equal keys one is the top, another the runner-up.
    int below = high.blend(ScoreKey.NONE, tops).max(low).reduceLanes(VectorOperators.MAX);
    int runnerUp = tops.trueCount() > 1 ? topKey : below;
    if (topKey > 0) {
      float score = ScoreKey.floor(topKey);
      if (score > winnerScores[point]) {
        runnerUp = Math.max(runnerUp, Float.floatToRawIntBits(winnerScores[point]));
        winnerScores[point] = score;
        int vector = firstVector + ScoreKey.vector(topKey);
        winners[point] = vector * kernel.lanes() + tops.firstTrue();
      } else {
        runnerUp = Math.max(runnerUp, topKey);
      }
    }
    runnersUp[point] = Math.max(runnersUp[point], runnerUp);
  }
}
