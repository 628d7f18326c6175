package io.flashlloyd.spark.nightly;

import io.flashlloyd.spark.run.ClusterStatistics;

/**
 * What the measures would be, about, for other rows of the old data's own distribution. Centroids
 * lie in the middle of the rows that they were fitted to, and cluster sizes vary from sample to
 * sample: where clusters have few rows, that alone looks like drift.
 */
final class ByChance {
  private final ClusterStatistics before;
  private final double rowsBefore;
  private final double rowsAfter;

  ByChance(ClusterStatistics before, long rowsAfter) {
    this.before = before;
    this.rowsBefore = before.rows();
    this.rowsAfter = rowsAfter;
  }

  /**
   * Rows about the mean of n others are (n + 1) / (n - 1) times as far (squared) as those n are;
   * single rows tell nothing of their spread and get that of all clusters.
   */
  double costRatio() {
    double total = 0;
    double single = 0;
    long freedom = 0;
    double expected = 0;
    for (int cluster = 0; cluster < before.k(); cluster++) {
      long n = before.sizes()[cluster];
      double cost = before.costs()[cluster];
      total += cost;
      freedom += Math.max(0, n - 1);
      single += n == 1 ? 1 : 0;
      expected += n > 1 ? cost * (n + 1) / (n - 1) : 0;
    }
    return total == 0 ? 1 : (expected + 2 * single * total / Math.max(1, freedom)) / total;
  }

  /** Each cluster adds a squared standard normal variable, of both samples' variance. */
  double psi() {
    return (before.k() - 1) * (1 / rowsBefore + 1 / rowsAfter);
  }

  /** Of small changes the divergence is an eighth of the index, here in bits. */
  double jsDivergence() {
    return Math.min(1, psi() / (8 * Math.log(2)));
  }

  /** A cluster of n rows gets none of m others with the chance (1 + m / rows)^-n. */
  double emptied() {
    double sum = 0;
    for (long n : before.sizes()) {
      sum += n == 0 ? 0 : Math.pow(1 + rowsAfter / rowsBefore, -(double) n);
    }
    return sum / before.k();
  }

  /** Of n + 1 rows in any order, the new one is beyond the r-th with the chance 1 - r / (n + 1). */
  double farRows(long[] after) {
    double far = 0;
    for (int cluster = 0; cluster < before.k(); cluster++) {
      long n = before.sizes()[cluster];
      far += n == 0 ? 0 : after[cluster] * (1 - Math.ceil(0.99 * n) / (n + 1));
    }
    return far / rowsAfter;
  }
}
