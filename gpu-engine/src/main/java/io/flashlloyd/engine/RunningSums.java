package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.SumScale;

/**
 * The sums of a run of Lloyd iterations, kept where the iterations are driven: once few rows move,
 * a pass need only bring those of the last iteration up to date. What a pass sums never changes
 * what comes out. Not thread-safe.
 */
public final class RunningSums {
  private PartialSums last;

  /** The plan of the next iteration. */
  public PassPlan plan(Centroids centroids, Centroids previous, SumScale scale) {
    return new PassPlan(centroids, previous, scale, fewMove(scale) ? Sums.MOVED : Sums.ALL);
  }

  /**
   * A moved row costs two additions and a row of a full pass one, on a GPU a cheaper one, since
   * there rows are sorted; as many move as in the iteration before, or fewer. Odd values are always
   * summed anew.
   */
  private boolean fewMove(SumScale scale) {
    return !scale.hasOdd() && last != null && last.movedRows() < last.rows() / 8;
  }

  /** Takes in what the pass of that plan found over all rows, and completes it. */
  public PartialSums take(PartialSums found) {
    last = found.completeFrom(last);
    return last;
  }
}
