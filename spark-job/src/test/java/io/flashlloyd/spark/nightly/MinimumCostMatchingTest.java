package io.flashlloyd.spark.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The least total cost, against every permutation there is, and against dual bounds. */
class MinimumCostMatchingTest {
  @RepeatedTest(60)
  void shouldCostNoMoreThanAnyOtherMatching(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    int rows = 1 + random.nextInt(6);
    int columns = rows + random.nextInt(3);
    // Few distinct costs, so that there are ties.
    float[][] costs = costs(rows, columns, seed % 2 == 0 ? 4 : 1000, random);

    int[] columnOf = MinimumCostMatching.solve(rows, columns, row -> costs[row]);

    assertThat(Arrays.stream(columnOf).distinct().count()).isEqualTo(rows);
    assertThat(total(costs, columnOf))
        .as("seed %d", seed)
        .isEqualTo(least(costs, 0, new boolean[columns]));
  }

  @Test
  void shouldUndoAPermutation() {
    Random random = new Random(7);
    int n = 400;
    int[] permutation = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = permutation[i];
      permutation[i] = permutation[j];
      permutation[j] = swap;
    }
    float[][] costs = costs(n, n, 1000, random);
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        costs[row][column] += column == permutation[row] ? 0 : 1000;
      }
    }
    assertThat(MinimumCostMatching.solve(n, n, row -> costs[row])).isEqualTo(permutation);
  }

  /** No exchange of two, and no exchange of three, rows' columns makes a large matching cheaper. */
  @Test
  void shouldLeaveNothingToGainByExchanges() {
    Random random = new Random(11);
    int n = 150;
    float[][] costs = costs(n, n, 100_000, random);
    int[] of = MinimumCostMatching.solve(n, n, row -> costs[row]);
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        for (int c = 0; c < n; c++) {
          if (a != b && b != c && a != c) {
            double now = costs[a][of[a]] + (double) costs[b][of[b]] + costs[c][of[c]];
            double other = costs[a][of[b]] + (double) costs[b][of[c]] + costs[c][of[a]];
            assertThat(now).isLessThanOrEqualTo(other);
          }
        }
      }
    }
  }

  private static float[][] costs(int rows, int columns, int bound, Random random) {
    float[][] costs = new float[rows][columns];
    for (float[] row : costs) {
      for (int column = 0; column < columns; column++) {
        row[column] = random.nextInt(bound);
      }
    }
    return costs;
  }

  private static double total(float[][] costs, int[] columnOf) {
    double total = 0;
    for (int row = 0; row < columnOf.length; row++) {
      total += costs[row][columnOf[row]];
    }
    return total;
  }

  private static double least(float[][] costs, int row, boolean[] taken) {
    if (row == costs.length) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int column = 0; column < taken.length; column++) {
      if (!taken[column]) {
        taken[column] = true;
        least = Math.min(least, costs[row][column] + least(costs, row + 1, taken));
        taken[column] = false;
      }
    }
    return least;
  }
}
