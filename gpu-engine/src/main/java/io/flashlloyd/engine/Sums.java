package io.flashlloyd.engine;

/** What a pass finds beside the assignments: which rows it adds to the coordinate sums, if any. */
public enum Sums {
  /** No more; counts and cost stay zero, and no engine need know a distance. */
  ASSIGNMENTS,

  /** Counts and cost of all rows, but no coordinate sums. */
  TOTALS,

  /** Counts, cost and coordinate sums of all rows. */
  ALL,

  /**
   * Counts and cost of all rows; coordinate sums of those that changed cluster since the previous
   * centroids: each is added to the new cluster and taken from the old one. The sums are what must
   * be added to those of the previous assignments, signed, and zero where nothing moved; integers,
   * so that this drifts nowhere.
   */
  MOVED;

  /** Whether there are coordinate sums. */
  public boolean ofCoordinates() {
    return this == ALL || this == MOVED;
  }
}
