package io.flashlloyd.spark.nightly;

import java.util.ArrayList;
import java.util.List;

/**
 * How cluster sizes changed, as shares of all rows. Half a row is added to each size, so that empty
 * clusters have logarithms.
 *
 * @param psi population stability index, sum of (q - p) ln(q / p)
 * @param jsDivergence Jensen-Shannon divergence in bits, 0 to 1
 * @param grown clusters whose share more than doubled, by more than chance explains
 * @param shrunk clusters whose share more than halved, by more than chance explains
 * @param emptied clusters that had rows and have none
 */
record SizeShift(
    double psi,
    double jsDivergence,
    List<Integer> grown,
    List<Integer> shrunk,
    List<Integer> emptied) {
  /** Standard deviations that a change must exceed to count. */
  private static final double SIGNIFICANT = 4;

  static SizeShift of(long[] before, long[] after, long rowsBefore, long rowsAfter) {
    double psi = 0;
    double js = 0;
    List<Integer> grown = new ArrayList<>();
    List<Integer> shrunk = new ArrayList<>();
    List<Integer> emptied = new ArrayList<>();
    for (int cluster = 0; cluster < before.length; cluster++) {
      double p = share(before[cluster], rowsBefore, before.length);
      double q = share(after[cluster], rowsAfter, before.length);
      double middle = (p + q) / 2;
      psi += (q - p) * Math.log(q / p);
      js += (p * Math.log(p / middle) + q * Math.log(q / middle)) / (2 * Math.log(2));
      double expected = p * rowsAfter;
      double deviation = Math.sqrt(expected * (1 + (double) rowsAfter / rowsBefore));
      boolean beyondChance = Math.abs(after[cluster] - expected) > SIGNIFICANT * deviation;
      if (beyondChance && q > 2 * p) {
        grown.add(cluster);
      }
      if (beyondChance && q < p / 2) {
        shrunk.add(cluster);
      }
      if (before[cluster] > 0 && after[cluster] == 0) {
        emptied.add(cluster);
      }
    }
    return new SizeShift(psi, js, grown, shrunk, emptied);
  }

  private static double share(long size, long rows, int k) {
    return (size + 0.5) / (rows + 0.5 * k);
  }
}
