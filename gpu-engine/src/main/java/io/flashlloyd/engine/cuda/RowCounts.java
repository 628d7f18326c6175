package io.flashlloyd.engine.cuda;

import java.util.Arrays;

/**
 * How many rows of a slice took which way.
 *
 * @param undecided that their best octet, or the centroid that the screen named, did not decide
 * @param pairs of such a row and a octet with candidates for it
 * @param exhaustive for which every centroid was tried
 * @param collected for which a second screen collected candidates
 * @param moved whose sums moved, where a pass has those alone
 * @param listed that needed a distance, where a pass only assigns
 * @param open that bounds left to the screen, where a pass used bounds; -1: every one
 * @param middle that some of the fastest centroids had to be screened for
 */
record RowCounts(
    int undecided,
    int pairs,
    int exhaustive,
    int collected,
    int moved,
    int listed,
    int open,
    int middle) {
  static final int FIELDS = 7 + DeviceMoves.LEVELS;

  /** As they stand in device memory. */
  static RowCounts of(int[] c) {
    int middle = Arrays.stream(c, 7, FIELDS).sum();
    return new RowCounts(c[0], c[1], c[2], c[3], c[4], c[5], c[6], middle);
  }
}
