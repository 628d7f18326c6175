package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.Centroids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * New centroids under the numbers of old ones. As many pairs as there can be are matched so that
 * the sum of their squared distances is the least; a matched cluster keeps the old number. Numbers
 * are always 0 to k - 1: where k falls, a matched cluster whose number is k or more takes one that
 * a retired cluster has left, and is listed as renumbered.
 *
 * @param centroids the new ones, by number
 * @param added numbers of new clusters that no old one was matched with
 * @param retired old numbers whose clusters no new one was matched with
 * @param renumbered old numbers to new ones, of matched clusters that could not keep theirs
 */
public record ClusterNumbers(
    Centroids centroids,
    List<Integer> added,
    List<Integer> retired,
    Map<Integer, Integer> renumbered) {
  private static final int NONE = -1;

  /** The clusters went on under their numbers, as after a warm start. */
  public static ClusterNumbers kept(Centroids centroids) {
    return new ClusterNumbers(centroids, List.of(), List.of(), Map.of());
  }

  /** Matches. */
  public static ClusterNumbers match(Centroids old, Centroids found) {
    int[] oldOf = oldOf(old, found);
    int k = found.k();
    int[] numberOf = new int[k];
    Arrays.fill(numberOf, NONE);
    boolean[] taken = new boolean[k];
    for (int cluster = 0; cluster < k; cluster++) {
      if (oldOf[cluster] != NONE && oldOf[cluster] < k) {
        numberOf[cluster] = oldOf[cluster];
        taken[oldOf[cluster]] = true;
      }
    }
    List<Integer> added = new ArrayList<>();
    Map<Integer, Integer> renumbered = new TreeMap<>();
    int free = 0;
    for (int cluster = 0; cluster < k; cluster++) {
      if (numberOf[cluster] != NONE) {
        continue;
      }
      while (taken[free]) {
        free++;
      }
      numberOf[cluster] = free;
      taken[free] = true;
      if (oldOf[cluster] == NONE) {
        added.add(free);
      } else {
        renumbered.put(oldOf[cluster], free);
      }
    }
    return new ClusterNumbers(
        reordered(found, numberOf), added, retired(old.k(), oldOf), renumbered);
  }

  /** [found.k()] the old cluster of each new one, or none. */
  private static int[] oldOf(Centroids old, Centroids found) {
    if (found.k() <= old.k()) {
      return MinimumCostMatching.solve(found.k(), old.k(), new CentroidDistances(found, old));
    }
    int[] foundOf =
        MinimumCostMatching.solve(old.k(), found.k(), new CentroidDistances(old, found));
    int[] oldOf = new int[found.k()];
    Arrays.fill(oldOf, NONE);
    for (int cluster = 0; cluster < foundOf.length; cluster++) {
      oldOf[foundOf[cluster]] = cluster;
    }
    return oldOf;
  }

  private static List<Integer> retired(int oldK, int[] oldOf) {
    boolean[] matched = new boolean[oldK];
    for (int old : oldOf) {
      if (old != NONE) {
        matched[old] = true;
      }
    }
    List<Integer> retired = new ArrayList<>();
    for (int old = 0; old < oldK; old++) {
      if (!matched[old]) {
        retired.add(old);
      }
    }
    return retired;
  }

  private static Centroids reordered(Centroids found, int[] numberOf) {
    int dimension = found.dimension();
    float[] values = new float[found.values().length];
    for (int cluster = 0; cluster < numberOf.length; cluster++) {
      System.arraycopy(
          found.values(), cluster * dimension, values, numberOf[cluster] * dimension, dimension);
    }
    return new Centroids(values, found.k(), dimension);
  }
}
