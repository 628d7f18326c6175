package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.PartialSums;
import java.util.Arrays;

/**
 * Gives empty clusters a part of others. The rule works on exact sums and in the order of cluster
 * indices, so that no order of rows changes it:
 *
 * <ol>
 *   <li>A cluster's cost around its mean is its cost around the centroid that its rows were
 *       assigned to, less weight times the square of the mean's distance from that.
 *   <li>For each empty cluster, lowest index first, the donor is the cluster that costs most (the
 *       lowest index among equals). Where none costs anything there is nothing to split.
 *   <li>Donor and empty cluster go to {@code centroid + step} and {@code centroid - step}. Each
 *       coordinate of the step is 1/8 of the donor's root mean square distance over the root of
 *       the dimension, with a sign that a hash of (cluster, iteration, coordinate) gives.
 *   <li>Each of the two counts as half of the donor's cost and weight for the next empty cluster.
 * </ol>
 *
 * The next iteration assigns rows to whichever half is nearer and moves both to their means.
 */
final class ClusterSplit {
  private static final double STEP = 0.125;

  /** A difference below this share of what it is a difference of is rounding. */
  private static final double NOISE = 0x1p-20;

  private final double[] costs;
  private final double[] weights;
  private final boolean[] filled;
  private final float[] values;
  private final int dimension;

  /**
   * @param moves [k] squared distances of means from what rows were assigned to
   * @param values [k x dimension] the new centroids; written
   */
  ClusterSplit(PartialSums sums, double[] moves, float[] values) {
    this.values = values;
    this.dimension = values.length / sums.k();
    this.weights = Arrays.stream(sums.counts()).asDoubleStream().toArray();
    this.costs = new double[sums.k()];
    this.filled = new boolean[sums.k()];
    for (int cluster = 0; cluster < costs.length; cluster++) {
      double cost = sums.clusterCost(cluster, 0);
      double rest = cost - weights[cluster] * moves[cluster];
      costs[cluster] = rest > NOISE * cost ? rest : 0;
      filled[cluster] = weights[cluster] > 0;
    }
  }

  /** Splits for every empty cluster, as long as something can be split; returns how often. */
  int fillAll(UpdateRule rule, int iteration) {
    int splits = 0;
    for (int cluster = 0; cluster < filled.length; cluster++) {
      if (!filled[cluster] && fill(cluster, rule, iteration)) {
        splits++;
      }
    }
    return splits;
  }

  private boolean fill(int empty, UpdateRule rule, int iteration) {
    int donor = 0;
    for (int cluster = 1; cluster < costs.length; cluster++) {
      donor = costs[cluster] > costs[donor] ? cluster : donor;
    }
    if (costs[donor] == 0) {
      return false;
    }
    double length = STEP * Math.sqrt(costs[donor] / weights[donor] / dimension);
    float[] centre = Arrays.copyOfRange(values, donor * dimension, (donor + 1) * dimension);
    put(centre, length, empty, iteration, rule, donor);
    put(centre, -length, empty, iteration, rule, empty);
    costs[donor] /= 2;
    weights[donor] /= 2;
    costs[empty] = costs[donor];
    weights[empty] = weights[donor];
    return true;
  }

  private void put(
      float[] centre, double length, int empty, int iteration, UpdateRule rule, int cluster) {
    float[] moved = new float[dimension];
    for (int t = 0; t < dimension; t++) {
      double value = centre[t] + (sign(empty, iteration, t) ? length : -length);
      moved[t] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }
    if (rule.measure().prepare(moved)) {
      System.arraycopy(moved, 0, values, cluster * dimension, dimension);
    }
  }

  /** A bit of David Stafford's "Mix13" of the three numbers. */
  private static boolean sign(int cluster, int iteration, int t) {
    long hash = ((long) cluster << 32 | iteration) * 0x9e3779b97f4a7c15L + t;
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
    return (hash ^ hash >>> 31) < 0;
  }
}
