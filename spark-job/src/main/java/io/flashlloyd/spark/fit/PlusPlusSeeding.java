package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.exact.CanonicalDistance;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.spark.data.RowContent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * k-means++ (Arthur and Vassilvitskii, SODA 2007) over weighted candidates, many draws a round
 * and without a random number stream, so that no order of candidates matters.
 *
 * <p>Each candidate is a Poisson process of rate {@code weight * D^2}, D its squared distance from
 * the nearest one chosen so far; its times are drawn by the hash of its content. Whoever comes
 * next is chosen with a probability proportional to its rate, which is k-means++ with the fourth
 * power of the distance for its square: alpha = 4 of Balcan, Dick and White's alpha-sampling
 * (NeurIPS 2018). The square spends centroids within large clusters while small ones far away have
 * none.
 *
 * <p>Within a round the rates stay as they were at its start and arrivals are thinned instead: one
 * is taken with probability {@code (D now / D at the start)^2}. What is left of a Poisson process
 * so thinned is one of the rate now, so a round may be of any length: it changes the work, not the
 * distribution.
 *
 * <p>The work of a round is one pass of the engine, of all candidates against those just chosen,
 * and the distances of its arrivals from each other.
 */
final class PlusPlusSeeding {
  /** The round that contents are hashed with; those of k-means|| are smaller. */
  private static final int ROUND = 1 << 20;

  /**
   * Arrivals expected in a round, at most, and at most as many as are chosen already: among more,
   * most would come too near to each other.
   */
  private static final int MAX_ARRIVALS = 1024;

  private record Arrival(double time, int candidate, double lot) {
    static final Comparator<Arrival> ORDER =
        Comparator.comparingDouble(Arrival::time).thenComparingInt(Arrival::candidate);
  }

  private final Centroids candidates;
  private final long[] weights;
  private final long[] lots;
  private final Function<Centroids, double[]> nearest;
  private final double[] distances;
  private final int[] chosen;
  private int count;

  private PlusPlusSeeding(
      Centroids candidates,
      long[] weights,
      List<RowContent> contents,
      int k,
      long seed,
      Function<Centroids, double[]> nearest) {
    this.candidates = candidates;
    this.weights = weights;
    ContentHash hash = ContentHash.of(seed, ROUND);
    this.lots = contents.stream().mapToLong(content -> content.hash(hash)).toArray();
    this.nearest = nearest;
    this.distances = new double[candidates.k()];
    this.chosen = new int[k];
  }

  /**
   * @param candidates distinct, more than k, in an order of their contents
   * @param weights of the candidates, at least 0
   * @param nearest the squared canonical distance of each candidate from the nearest of those given
   */
  static Centroids choose(
      Centroids candidates,
      long[] weights,
      List<RowContent> contents,
      int k,
      long seed,
      Function<Centroids, double[]> nearest) {
    PlusPlusSeeding seeding = new PlusPlusSeeding(candidates, weights, contents, k, seed, nearest);
    seeding.chooseFirst();
    for (int round = 1; seeding.count < k; round++) {
      seeding.chooseMore(round);
    }
    return seeding.chosen(0);
  }

  /** All distances are one: the rates are the weights. */
  private void chooseFirst() {
    int first = 0;
    double earliest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      double time = delay(lots[i], 0) / weights[i];
      if (weights[i] > 0 && time < earliest) {
        earliest = time;
        first = i;
      }
    }
    chosen[count++] = first;
    System.arraycopy(nearest.apply(chosen(0)), 0, distances, 0, distances.length);
  }

  private void chooseMore(int round) {
    int start = count;
    double total = 0;
    for (int i = 0; i < distances.length; i++) {
      total += rate(i);
    }
    if (total == 0) {
      chooseWeightless();
      return;
    }
    double pace = Math.min(count, MAX_ARRIVALS) / total;
    List<Arrival> arrivals =
        IntStream.range(0, distances.length)
            .parallel()
            .boxed()
            .flatMap(i -> arrivals(i, rate(i) * pace, round))
            .sorted(Arrival.ORDER)
            .toList();
    for (Arrival arrival : arrivals) {
      if (count < chosen.length && isTaken(arrival, start)) {
        chosen[count++] = arrival.candidate;
      }
    }
    if (count > start && count < chosen.length) {
      double[] fresh = nearest.apply(chosen(start));
      Arrays.setAll(distances, i -> Math.min(distances[i], fresh[i]));
    }
  }

  private double rate(int candidate) {
    return weights[candidate] * distances[candidate] * distances[candidate];
  }

  /** Of a process of this rate, up to time 1. */
  private Stream<Arrival> arrivals(int candidate, double rate, int round) {
    if (rate == 0) {
      return Stream.empty();
    }
    long lot = ContentHash.again(lots[candidate], round);
    Stream.Builder<Arrival> arrivals = Stream.builder();
    double time = delay(lot, 0) / rate;
    for (int draw = 1; time < 1; draw += 2) {
      double thinning = ContentHash.unit(ContentHash.again(lot, draw));
      arrivals.add(new Arrival(time, candidate, thinning));
      time += delay(lot, draw + 1) / rate;
    }
    return arrivals.build();
  }

  /** From one arrival to the next, at rate 1. */
  private static double delay(long lot, int draw) {
    return -StrictMath.log(1 - ContentHash.unit(ContentHash.again(lot, draw)));
  }

  /** Thinning: whether {@code lot < (D now / D at the start)^2}, D now by those chosen since. */
  private boolean isTaken(Arrival arrival, int start) {
    double limit = Math.sqrt(arrival.lot) * distances[arrival.candidate];
    int dimension = candidates.dimension();
    float[] values = candidates.values();
    int from = arrival.candidate * dimension;
    return IntStream.range(start, count)
        .parallel()
        .allMatch(
            i ->
                CanonicalDistance.squared(values, from, values, chosen[i] * dimension, dimension)
                    > limit);
  }

  /** Only candidates without weight are left: by their order. */
  private void chooseWeightless() {
    for (int i = 0; count < chosen.length; i++) {
      if (distances[i] > 0) {
        chosen[count++] = i;
      }
    }
  }

  /** Those chosen from the given one on. */
  private Centroids chosen(int start) {
    int dimension = candidates.dimension();
    float[] values = new float[(count - start) * dimension];
    for (int i = start; i < count; i++) {
      System.arraycopy(
          candidates.values(), chosen[i] * dimension, values, (i - start) * dimension, dimension);
    }
    return new Centroids(values, count - start, dimension);
  }
}
