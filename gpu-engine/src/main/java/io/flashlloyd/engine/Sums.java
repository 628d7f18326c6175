package io.flashlloyd.engine;

/** Which rows a pass adds to the coordinate sums. Counts and cost are of all rows. */
public enum Sums {
  /** None: there are no coordinate sums. */
  NONE,

  /** Every row, to its cluster. */
  ALL,

  /**
   * The rows that changed cluster since the previous centroids: each is added to the new cluster
   * and taken from the old one. The sums are what must be added to those of the previous
   * assignments, signed, and zero where nothing moved; integers, so that this drifts nowhere.
   */
  MOVED,

  /**
   * None, and neither counts nor cost, which stay zero: a pass that only assigns. No engine need
   * know a distance then.
   */
  NOTHING;

  /** Whether there are coordinate sums. */
  public boolean ofCoordinates() {
    return this == ALL || this == MOVED;
  }
}
