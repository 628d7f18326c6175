package io.flashlloyd.engine;

/**
 * Nearest centroids of rows that come one by one: the assignments of a {@link Pass} without its
 * machinery. Opened by {@link Engines#search}; thread-safe; holds memory on the heap only.
 */
public interface NearestSearch {
  /**
   * The index of the centroid of smallest canonical distance, the lowest of equals.
   *
   * @param row [dimension], finite
   */
  int nearest(float[] row);
}
