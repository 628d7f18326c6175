package io.flashlloyd.engine.cuda;

/**
 * How many rows of a slice took which way.
 *
 * @param undecided that their best octet, or the centroid that the screen named, did not decide
 * @param pairs of such a row and a octet with candidates for it
 * @param exhaustive for which every centroid was tried
 * @param collected for which a second screen collected candidates
 * @param moved whose sums moved, where a pass has those alone
 * @param listed that needed a distance, where a pass only assigns
 */
record RowCounts(int undecided, int pairs, int exhaustive, int collected, int moved, int listed) {
  /** As they stand in device memory. */
  static RowCounts of(int[] counts) {
    return new RowCounts(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
  }
}
