package io.flashlloyd.spark.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import org.junit.jupiter.api.Test;

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

  private static Centroids line(float... values) {
    return new Centroids(values, values.length, 1);
  }
}
