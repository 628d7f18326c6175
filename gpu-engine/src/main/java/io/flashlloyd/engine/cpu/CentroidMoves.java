package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.exact.CanonicalDistance;
import java.util.Arrays;

/**
 * How far centroids moved between two iterations, and which rows keep their centroid therefore,
 * whatever the others' distances are (Hamerly, SDM 2010, with bounds that hold in floating point).
 *
 * <p>Let a be a row's centroid and b at most |x - c| for every other centroid c. By the triangle
 * inequality every other moved centroid c' has |x - c'| >= b - |c - c'| >= b', where b' is b less
 * the farthest move among them, rounded down. A canonical distance has d + 2 float64 roundings of
 * nonnegative terms, so D(x, c') >= b'^2 (1 - eta), eta = (d + 8) 2^-52, which has room for the
 * roundings below. If that is more than D(x, a'), which is known, then a' is the only nearest
 * centroid: equality would be a tie, and is not enough.
 *
 * <p>A few centroids that move far would spoil the bound of every row. So where there are many
 * centroids, a row that would be open for their sake is screened against the fastest, one panel of
 * the register tile, which costs little: these are not among the others then, and b' is at most the
 * distance from them that {@link ScreenBound} proves.
 */
final class CentroidMoves {
  /** With fewer panels than this, one more to screen is too many. */
  private static final int MIN_PANELS = 4;

  private final int[] fastest;
  private final PackedCentroids fastestPacked;
  private final Farthest all;
  private final Farthest slow;
  private final double shrink;

  /** The largest moves of some centroids: one's, which is {@code which}, and the others'. */
  private record Farthest(double first, double second, int which) {
    static Farthest of(double[] moves) {
      Farthest farthest = new Farthest(0, 0, 0);
      for (int cluster = 0; cluster < moves.length; cluster++) {
        double move = moves[cluster];
        if (move > farthest.first) {
          farthest = new Farthest(move, farthest.first, cluster);
        } else if (move > farthest.second) {
          farthest = new Farthest(farthest.first, move, farthest.which);
        }
      }
      return farthest;
    }

    float carry(float bound, int cluster) {
      double others = cluster == which ? second : first;
      return others == 0 ? bound : Math.nextDown((float) (bound - others));
    }
  }

  /** Centroids that belong together by their index. */
  CentroidMoves(Centroids before, Centroids now, TileKernel kernel) {
    int k = now.k();
    int dimension = now.dimension();
    double eta = (dimension + 8) * 0x1p-52;
    this.shrink = 1 - eta;
    double[] moves = new double[k];
    for (int cluster = 0; cluster < k; cluster++) {
      int at = cluster * dimension;
      double square = CanonicalDistance.squared(before.values(), at, now.values(), at, dimension);
      moves[cluster] = square == 0 ? 0 : Math.nextUp(Math.sqrt(square * (1 + eta)));
    }
    int size = kernel.panelSize();
    this.fastest = k < MIN_PANELS * size ? new int[0] : largest(moves, size);
    this.fastestPacked = fastest.length == 0 ? null : pack(now, kernel);
    this.all = Farthest.of(moves);
    for (int cluster : fastest) {
      moves[cluster] = 0;
    }
    this.slow = Farthest.of(moves);
  }

  /** The places of the {@code count} largest values, ascending. */
  private static int[] largest(double[] values, int count) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double limit = sorted[sorted.length - count];
    int[] places = new int[count];
    int above = 0;
    for (double value : values) {
      above += value > limit ? 1 : 0;
    }
    int equal = count - above;
    int found = 0;
    for (int place = 0; place < values.length && found < count; place++) {
      if (values[place] > limit || values[place] == limit && equal-- > 0) {
        places[found++] = place;
      }
    }
    return places;
  }

  private PackedCentroids pack(Centroids now, TileKernel kernel) {
    int dimension = now.dimension();
    float[] values = new float[fastest.length * dimension];
    for (int i = 0; i < fastest.length; i++) {
      System.arraycopy(now.values(), fastest[i] * dimension, values, i * dimension, dimension);
    }
    return new PackedCentroids(new Centroids(values, fastest.length, dimension), kernel);
  }

  /** The centroids that {@link #carryToSlow} leaves out, ascending; may be none. */
  int[] fastest() {
    return fastest;
  }

  /** The same to screen rows against, or null where there are none. */
  PackedCentroids fastestPacked() {
    return fastestPacked;
  }

  /**
   * A bound carried over to the moved centroids; may be negative.
   *
   * @param bound at most a row's distance from every centroid but {@code cluster}, before the move
   */
  float carry(float bound, int cluster) {
    return all.carry(bound, cluster);
  }

  /** The same to all but the fastest. */
  float carryToSlow(float bound, int cluster) {
    return slow.carry(bound, cluster);
  }

  /**
   * Whether no other centroid is as near as a row's own.
   *
   * @param carried the bound, carried over
   * @param distance the row's canonical distance from its own centroid, moved
   */
  boolean keeps(float carried, double distance) {
    return carried > 0 && (double) carried * carried * shrink > distance;
  }
}
