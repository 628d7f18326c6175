package io.flashlloyd.engine.cpu;

/**
 * The vector arithmetic of the screen: scores of a tile of points against one panel of centroids,
 * and what each vector lane keeps of them.
 *
 * <pre>
 *   points  [points][stride]       four rows at a time
 *   packed  [panels][t][panel size]        a panel's coordinates t in consecutive vectors
 *   scores  [points][panel size]
 *   best    [points][lanes]                      keys, see {@link ScoreKey}
 * </pre>
 *
 * A panel is a few vectors of centroids, so lane l of vector v of panel g is centroid {@code
 * (g * vectors + v) * lanes + l}.
 */
interface TileKernel {
  /** Centroids in one vector. */
  int lanes();

  /** Vectors of centroids in one panel. */
  int vectors();

  /** Centroids in one panel. */
  default int panelSize() {
    return lanes() * vectors();
  }

  /**
   * Continues the score of every point with {@code steps} coordinates: one fused multiply-add for
   * each, in their order.
   *
   * @param point where the first point's first coordinate of this stretch is in {@code points}
   * @param stride from one point to the next
   * @param quadCount fours of points
   * @param packedFrom where the panel's first coordinate of this stretch is in {@code packed}
   * @param steps coordinates
   * @param start scores to continue from, at {@code startFrom}: those of each point where {@code
   *     perPoint}, else the same [panel size] for all
   * @param scores [4 * quadCount x panel size], written; may be {@code start}
   */
  void accumulate(
      float[] points,
      int point,
      int stride,
      int quadCount,
      float[] packed,
      int packedFrom,
      int steps,
      float[] start,
      int startFrom,
      boolean perPoint,
      float[] scores);

  /**
   * Folds a panel's scores into the best and second best key of each lane. In a pass of its own: a
   * score that was stored just before, across two cache lines, is slow to load.
   *
   * @param firstVector number of the panel's first vector within its slab
   * @param best [points x lanes] keys, updated
   * @param second the same
   */
  void keep(float[] scores, int points, int firstVector, int[] best, int[] second);
}
