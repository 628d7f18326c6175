package io.flashlloyd.engine.cpu;

import java.util.Arrays;

/**
 * Scores a tile of points against all centroids and keeps the best of each point: FlashAssign on
 * vector registers, the points x centroids matrix never exists. One thread's; not thread-safe.
 */
final class Screen {
  /** Coordinates of a group that stay in the first-level cache while the tile's points pass. */
  private static final int STRETCH = 128;

  private final TileKernel kernel;
  private final float[] scores;
  private final int[] best;
  private final int[] second;
  private final int[] slabTop;
  private final int[] slabLane;
  private final int[] slabOther;
  private final int[] winners;
  private final float[] winnerScores;
  private final int[] runnersUp;

  Screen(TileKernel kernel, int capacity) {
    this.kernel = kernel;
    this.scores = new float[capacity * kernel.groupSize()];
    this.best = new int[capacity * kernel.lanes()];
    this.second = new int[best.length];
    this.slabTop = new int[capacity];
    this.slabLane = new int[capacity];
    this.slabOther = new int[capacity];
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
    int slabGroups = ScoreKey.SLAB / kernel.vectors();
    for (int slab = 0; slab < packed.groups(); slab += slabGroups) {
      int lanes = points * kernel.lanes();
      Arrays.fill(best, 0, lanes, ScoreKey.NONE);
      Arrays.fill(second, 0, lanes, ScoreKey.NONE);
      int end = Math.min(slab + slabGroups, packed.groups());
      for (int group = slab; group < end; group++) {
        score(tile, packed, group);
        kernel.keep(scores, points, (group - slab) * kernel.vectors(), best, second);
      }
      kernel.reduce(best, second, points, slabTop, slabLane, slabOther);
      merge(points, slab * kernel.vectors());
    }
  }

  /** Scores all points against one group, {@code [points x group size]}, valid until the next. */
  float[] score(PointTile tile, PackedCentroids packed, int group) {
    int size = kernel.groupSize();
    int steps = packed.steps();
    int stretches = (steps + STRETCH - 1) / STRETCH;
    int stretch = (steps / 2 + stretches - 1) / stretches * 2;
    for (int t = 0; t < steps; t += stretch) {
      boolean first = t == 0;
      kernel.accumulate(
          tile.quads(),
          t * PointTile.QUAD,
          steps * PointTile.QUAD,
          tile.quadCount(),
          packed.values(),
          (group * steps + t) * size,
          Math.min(stretch, steps - t),
          first ? packed.starts() : scores,
          first ? group * size : 0,
          !first,
          scores);
    }
    return scores;
  }

  private void merge(int points, int firstVector) {
    for (int point = 0; point < points; point++) {
      int key = slabTop[point];
      int other = slabOther[point];
      if (key > 0) {
        float score = ScoreKey.floor(key);
        int lane = slabLane[point];
        if (lane < 0) {
          // Two lanes tie for the top: either may stand for both.
          other = key;
          lane = firstLaneOf(point, key);
        }
        if (score > winnerScores[point]) {
          other = Math.max(other, Float.floatToRawIntBits(winnerScores[point]));
          winnerScores[point] = score;
          winners[point] = (firstVector + ScoreKey.vector(key)) * kernel.lanes() + lane;
        } else {
          other = Math.max(other, key);
        }
      }
      runnersUp[point] = Math.max(runnersUp[point], other);
    }
  }

  private int firstLaneOf(int point, int key) {
    int lane = 0;
    while (best[point * kernel.lanes() + lane] != key) {
      lane++;
    }
    return lane;
  }
}
