package io.flashlloyd.spark.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.exact.CanonicalDistance;
import io.flashlloyd.spark.data.RowContent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Rounds of many draws give the distribution of drawing one after the other. */
class PlusPlusSeedingTest {
  private static final int DRAWS = 20_000;

  @Test
  void shouldDrawByTheFourthPowerOfTheDistance() {
    // Two pairs of neighbours, and one candidate apart: rounds meet arrivals beside each other.
    float[] points = {0, 1, 10, 12, 40};
    long[] weights = {3, 5, 1, 2, 1};
    int k = 4;
    Map<String, Double> expected = new HashMap<>();
    sequences(points, weights, new ArrayList<>(), 1, k, expected);

    Map<String, Integer> found = new HashMap<>();
    for (long seed = 0; seed < DRAWS; seed++) {
      found.merge(sequence(choose(points, weights, k, seed), points), 1, Integer::sum);
    }
    expected.forEach(
        (sequence, probability) ->
            assertThat(found.getOrDefault(sequence, 0) / (double) DRAWS)
                .as("share of %s", sequence)
                .isCloseTo(probability, within5Sigma(probability)));
    assertThat(expected.keySet()).containsAll(found.keySet());
  }

  /** The probability of every way to draw k of the points one after the other. */
  private static void sequences(
      float[] points,
      long[] weights,
      List<Integer> chosen,
      double probability,
      int k,
      Map<String, Double> out) {
    if (chosen.size() == k) {
      out.put(chosen.toString(), probability);
      return;
    }
    double[] rates = new double[points.length];
    double total = 0;
    for (int i = 0; i < points.length; i++) {
      double distance = chosen.isEmpty() ? 1 : Double.POSITIVE_INFINITY;
      for (int other : chosen) {
        distance = Math.min(distance, Math.pow(points[i] - points[other], 2));
      }
      rates[i] = weights[i] * distance * distance;
      total += rates[i];
    }
    for (int i = 0; i < points.length; i++) {
      if (rates[i] > 0) {
        List<Integer> next = new ArrayList<>(chosen);
        next.add(i);
        sequences(points, weights, next, probability * rates[i] / total, k, out);
      }
    }
  }

  private static Offset<Double> within5Sigma(double probability) {
    return Offset.offset(5 * Math.sqrt(probability * (1 - probability) / DRAWS) + 1e-4);
  }

  private static String sequence(Centroids chosen, float[] points) {
    List<Integer> indices = new ArrayList<>();
    for (float value : chosen.values()) {
      for (int i = 0; i < points.length; i++) {
        if (points[i] == value) {
          indices.add(i);
        }
      }
    }
    return indices.toString();
  }

  @Test
  void shouldChooseDistinctCandidatesWithoutWeightToo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    float[] points = new float[3000];
    for (int i = 0; i < points.length; i++) {
      points[i] = i + random.nextFloat() / 2;
    }
    long[] weights = new long[points.length];
    for (int i = 0; i < 1500; i++) {
      weights[i] = random.nextInt(3);
    }
    Centroids chosen = choose(points, weights, 2500, seed);
    List<Float> values = new ArrayList<>();
    for (float value : chosen.values()) {
      values.add(value);
    }
    assertThat(values).as("seed %d", seed).hasSize(2500).doesNotHaveDuplicates();
  }

  private static Centroids choose(float[] points, long[] weights, int k, long seed) {
    Centroids candidates = new Centroids(points, points.length, 1);
    List<RowContent> contents = new ArrayList<>();
    for (float point : points) {
      contents.add(RowContent.of(new float[] {point}));
    }
    return PlusPlusSeeding.choose(
        candidates, weights, contents, k, seed, chosen -> distances(points, chosen));
  }

  private static double[] distances(float[] points, Centroids chosen) {
    double[] distances = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      distances[i] = Double.POSITIVE_INFINITY;
      for (int c = 0; c < chosen.k(); c++) {
        double distance = CanonicalDistance.squared(points, i, chosen.values(), c, 1);
        distances[i] = Math.min(distances[i], distance);
      }
    }
    return distances;
  }
}
