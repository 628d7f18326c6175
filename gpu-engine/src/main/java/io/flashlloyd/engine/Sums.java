package io.flashlloyd.engine;

/** Which rows a pass adds to the coordinate sums. Counts and cost are of all rows, always. */
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
  MOVED
}
