package io.flashlloyd.spark.init;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.exact.CanonicalDistance;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * k-means++ (Arthur and Vassilvitskii, SODA 2007) over weighted candidates, without a random number
 * stream: each candidate runs an exponential race of rate {@code weight * D}, with a lot drawn by
 * the hash of its content, and the first to arrive is chosen. The chance to win is proportional to
 * the rate, and no order of candidates matters.
 */
final class PlusPlusSeeding {
  /** The round that contents are hashed with; those of k-means|| are smaller. */
  private static final int ROUND = 1 << 20;

  private final Centroids candidates;
  private final long[] weights;
  private final long[] lots;
  private final double[] distances;

  private PlusPlusSeeding(
      Centroids candidates, long[] weights, List<RowContent> contents, long seed) {
    this.candidates = candidates;
    this.weights = weights;
    this.lots = contents.stream().mapToLong(content -> content.hash(seed, ROUND)).toArray();
    this.distances = new double[candidates.k()];
    Arrays.fill(distances, 1);
  }

  /**
   * @param candidates distinct, more than k
   * @param weights of the candidates, at least 0
   */
  static Centroids choose(
      Centroids candidates, long[] weights, List<RowContent> contents, int k, long seed) {
    PlusPlusSeeding seeding = new PlusPlusSeeding(candidates, weights, contents, seed);
    int dimension = candidates.dimension();
    float[] chosen = new float[Math.multiplyExact(k, dimension)];
    for (int i = 0; i < k; i++) {
      int winner = seeding.race(i);
      System.arraycopy(candidates.values(), winner * dimension, chosen, i * dimension, dimension);
      seeding.approach(winner, i == 0);
    }
    return new Centroids(chosen, k, dimension);
  }

  /** The candidate of the earliest arrival; among equals (weight or distance 0) the first. */
  private int race(int round) {
    double[] arrival = new double[distances.length];
    IntStream.range(0, arrival.length)
        .parallel()
        .forEach(
            i -> {
              double rate = weights[i] * distances[i];
              double lot = 1 - RowContent.unit(RowContent.again(lots[i], round));
              arrival[i] = rate == 0 ? Double.POSITIVE_INFINITY : -StrictMath.log(lot) / rate;
            });
    int first = -1;
    for (int i = 0; i < arrival.length; i++) {
      if (distances[i] > 0 && (first < 0 || arrival[i] < arrival[first])) {
        first = i;
      }
    }
    return first;
  }

  /** Distances to the nearest chosen candidate, now that {@code chosen} is one. */
  private void approach(int chosen, boolean first) {
    int dimension = candidates.dimension();
    float[] values = candidates.values();
    IntStream.range(0, distances.length)
        .parallel()
        .forEach(
            i -> {
              double distance =
                  CanonicalDistance.squared(
                      values, i * dimension, values, chosen * dimension, dimension);
              distances[i] = first ? distance : Math.min(distances[i], distance);
            });
  }
}
