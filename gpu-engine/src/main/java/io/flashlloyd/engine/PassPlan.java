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
 * @param withSums whether coordinates are summed by cluster; counts and cost always are
 */
public record PassPlan(Centroids centroids, Centroids previous, SumScale scale, boolean withSums)
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
  }

  /** One Lloyd iteration: assign, count, sum. */
  public static PassPlan lloyd(Centroids centroids, Centroids previous, SumScale scale) {
    return new PassPlan(centroids, previous, scale, true);
  }

  /** Assign, count and cost, but no sums. */
  public static PassPlan assign(Centroids centroids, SumScale scale) {
    return new PassPlan(centroids, null, scale, false);
  }

  /** Rejects a chunk or outputs that do not fit this plan. */
  public void check(long chunkId, HostRows rows, RowOutputs outputs) {
    if (rows.dimension() != centroids.dimension()) {
      throw new IllegalArgumentException(
          "Chunk %d has dimension %d (expected %d, as the centroids)"
              .formatted(chunkId, rows.dimension(), centroids.dimension()));
    }
    if (outputs != null
        && (outputs.assignments().capacity() < rows.rows()
            || outputs.distances().capacity() < rows.rows())) {
      throw new IllegalArgumentException(
          "Outputs of chunk %d hold %d assignments and %d distances (expected %d each)"
              .formatted(
                  chunkId,
                  outputs.assignments().capacity(),
                  outputs.distances().capacity(),
                  rows.rows()));
    }
  }
}
