package io.flashlloyd.spark.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cluster keeps which number. */
class ClusterNumbersTest {
  @Test
  void shouldGiveEachClusterTheNumberOfItsNearest() {
    ClusterNumbers numbers = ClusterNumbers.match(line(0, 10, 20, 30), line(29, 1, 11, 19));

    assertThat(numbers.centroids()).isEqualTo(line(1, 11, 19, 29));
    assertThat(numbers.added()).isEmpty();
    assertThat(numbers.retired()).isEmpty();
    assertThat(numbers.renumbered()).isEmpty();
  }

  @Test
  void shouldPreferTheLeastTotalToTheNearest() {
    // 9 is nearest to 10, but then 30 would have to be 0: (9, 30) as (0, 10) costs less squared.
    ClusterNumbers numbers = ClusterNumbers.match(line(0, 10), line(9, 30));

    assertThat(numbers.centroids()).isEqualTo(line(9, 30));
  }

  @Test
  void shouldGiveMoreClustersNumbersThatNobodyHad() {
    ClusterNumbers numbers = ClusterNumbers.match(line(0, 10), line(5, 10, 90, 0));

    assertThat(numbers.centroids()).isEqualTo(line(0, 10, 5, 90));
    assertThat(numbers.added()).containsExactly(2, 3);
    assertThat(numbers.retired()).isEmpty();
  }

  @Test
  void shouldListTheNumbersOfFewerClusters() {
    // Old 1 has no successor; old 3 has, but 3 is no number of three clusters.
    ClusterNumbers numbers = ClusterNumbers.match(line(0, 10, 20, 30), line(31, 21, 1));

    assertThat(numbers.centroids()).isEqualTo(line(1, 31, 21));
    assertThat(numbers.added()).isEmpty();
    assertThat(numbers.retired()).containsExactly(1);
    assertThat(numbers.renumbered()).containsExactly(java.util.Map.entry(3, 1));
  }

  /** Squared distances beyond float32, and below it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 60, 66, 83, 126, -66, -80, -126, -143})
  void shouldKnowAPermutationAtAnyMagnitude(int exponent) {
    int k = 12;
    int dimension = 5;
    Random random = new Random(3);
    float[] old = new float[k * dimension];
    float[] found = new float[k * dimension];
    for (int i = 0; i < old.length; i++) {
      old[i] = Math.scalb(2 * random.nextFloat() - 1, exponent);
    }
    for (int c = 0; c < k; c++) {
      System.arraycopy(old, c * dimension, found, (c * 5 + 3) % k * dimension, dimension);
    }

    ClusterNumbers numbers =
        ClusterNumbers.match(new Centroids(old, k, dimension), new Centroids(found, k, dimension));

    assertThat(numbers.centroids().values()).isEqualTo(old);
  }

  private static Centroids line(float... values) {
    return new Centroids(values, values.length, 1);
  }
}
