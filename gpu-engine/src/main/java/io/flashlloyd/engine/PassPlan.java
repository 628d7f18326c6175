package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.SumScale;
import java.io.Serializable;

/**
 * What a pass over the rows computes.
 *
 * @param centroids what rows are assigned to
 * @param previous the centroids of the iteration before, to count the rows that moved between the
 *     two; null where there was none, and then every row counts as moved
 * @param scale the fixed-point scale of all the data, of which the rows fed here are a part
 * @param sums which rows are summed by cluster
 */
public record PassPlan(Centroids centroids, Centroids previous, SumScale scale, Sums sums)
    implements Serializable {
  public PassPlan {
    if (centroids.dimension() != scale.dimension()) {
      throw new IllegalArgumentException(
          "Centroids have dimension %d (expected %d, as the data)"
              .formatted(centroids.dimension(), scale.dimension()));
    }
    if (previous != null && previous.dimension() != centroids.dimension()) {
      throw new IllegalArgumentException(
          "Previous centroids have dimension %d (expected %d, as the centroids)"
              .formatted(previous.dimension(), centroids.dimension()));
    }
    if (sums == Sums.MOVED && scale.hasOdd()) {
      throw new IllegalArgumentException(
          "Sums of moved rows have odd values (expected sums of all rows where there are some)");
    }
    if (sums == Sums.MOVED && (previous == null || previous.k() != centroids.k())) {
      throw new IllegalArgumentException(
          "Sums of moved rows have %s (expected %d previous centroids, as many as there are now)"
              .formatted(
                  previous == null ? "no previous centroids" : previous.k() + " previous centroids",
                  centroids.k()));
    }
  }

  /** One Lloyd iteration that sums every row: assign, count, sum. */
  public static PassPlan lloyd(Centroids centroids, Centroids previous, SumScale scale) {
    return new PassPlan(centroids, previous, scale, Sums.ALL);
  }

  /** Assign, count and cost, but no sums. */
  public static PassPlan assign(Centroids centroids, SumScale scale) {
    return new PassPlan(centroids, null, scale, Sums.TOTALS);
  }

  /** Assign, and nothing else. */
  public static PassPlan onlyAssign(Centroids centroids, SumScale scale) {
    return new PassPlan(centroids, null, scale, Sums.ASSIGNMENTS);
  }

  /** Rejects a chunk or outputs that do not fit this plan. */
  public void check(long chunkId, HostRows rows, RowOutputs outputs) {
    check(chunkId, rows.dimension(), rows.rows(), outputs);
  }

  /** The same for rows of this shape. */
  public void check(long chunkId, int dimension, int rows, RowOutputs outputs) {
    if (dimension != centroids.dimension()) {
      throw new IllegalArgumentException(
          "Chunk %d has dimension %d (expected %d, as the centroids)"
              .formatted(chunkId, dimension, centroids.dimension()));
    }
    if (outputs == null) {
      return;
    }
    boolean measured = sums != Sums.ASSIGNMENTS;
    if (measured != (outputs.distances() != null)) {
      throw new IllegalArgumentException(
          "Outputs of chunk %d have %s"
              .formatted(
                  chunkId,
                  measured
                      ? "no distances (expected some: the pass measures)"
                      : "distances (expected none: the pass only assigns)"));
    }
    int distances = measured ? outputs.distances().capacity() : rows;
    if (outputs.assignments().capacity() < rows || distances < rows) {
      throw new IllegalArgumentException(
          "Outputs of chunk %d hold %d assignments and %d distances (expected %d each)"
              .formatted(chunkId, outputs.assignments().capacity(), distances, rows));
    }
  }
}
