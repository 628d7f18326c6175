package io.flashlloyd.spark.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flashlloyd.spark.run.ClusterStatistics;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The measures, against numbers worked out by hand or drawn. */
class DriftTest {
  private static final DriftThresholds DEFAULTS = DriftThresholds.of(Map.of());

  @Test
  void shouldCompareCostsOfARow() {
    ClusterStatistics before = statistics(new long[] {100, 300}, 40, 60);

    Drift drift = Drift.of(before, new long[] {50, 150}, 75, 2, DEFAULTS);

    assertThat(drift.costPerRowBefore()).isEqualTo(0.25);
    assertThat(drift.costPerRowAfter()).isEqualTo(0.375);
    DriftMeasure ratio = measure(drift, "cost-ratio");
    assertThat(ratio.value()).isEqualTo(1.5);
    double expected = (40 * 101 / 99.0 + 60 * 301 / 299.0) / 100;
    assertThat(ratio.expected()).isEqualTo(expected, within(1e-12));
    assertThat(ratio.drifted()).isTrue();
    assertThat(drift.reason()).startsWith("cost-ratio 1.500 (expected 1.012, at most 0.1000 more)");
    assertThat(measure(drift, "psi").value()).isLessThan(1e-5); // but for the half rows
  }

  @Test
  void shouldMeasureTheShiftOfSizes() {
    ClusterStatistics before = statistics(new long[] {600, 300, 100, 0}, 1, 1, 1, 0);

    Drift drift = Drift.of(before, new long[] {200, 400, 300, 100}, 3, 0, DEFAULTS);

    double[] p = {600.5 / 1002, 300.5 / 1002, 100.5 / 1002, 0.5 / 1002};
    double[] q = {200.5 / 1002, 400.5 / 1002, 300.5 / 1002, 100.5 / 1002};
    double psi = 0;
    double js = 0;
    for (int c = 0; c < 4; c++) {
      psi += (q[c] - p[c]) * Math.log(q[c] / p[c]);
      js += entropy((p[c] + q[c]) / 2) - (entropy(p[c]) + entropy(q[c])) / 2;
    }
    assertThat(measure(drift, "psi").value()).isEqualTo(psi, within(1e-12));
    assertThat(measure(drift, "js-divergence").value()).isEqualTo(js, within(1e-12));
    assertThat(drift.grown()).containsExactly(2, 3);
    assertThat(drift.shrunk()).containsExactly(0);
    assertThat(drift.emptied()).isEmpty();
    assertThat(drift.drifted()).isTrue();
    assertThat(measure(drift, "grown").value()).isEqualTo(0.5);
  }

  @Test
  void shouldFindClustersThatLostAllRows() {
    ClusterStatistics before = statistics(new long[] {500, 500}, 1, 1);

    Drift drift = Drift.of(before, new long[] {1000, 0}, 2, 0, DEFAULTS);

    assertThat(drift.emptied()).containsExactly(1);
    assertThat(measure(drift, "emptied").drifted()).isTrue();
  }

  /** Other samples of one distribution, few rows in a cluster or many, are not drift. */
  @Test
  void shouldNotTakeChanceForDrift() {
    for (int perCluster : new int[] {4, 20, 500}) {
      for (long seed = 1; seed <= 20; seed++) {
        Random random = new Random(seed);
        double[] share = random.doubles(200).map(x -> 0.2 + x).toArray();
        long[] old = sample(share, 200 * perCluster, random);
        long[] now = sample(share, 200 * perCluster, random);
        ClusterStatistics before =
            statistics(old, Arrays.stream(old).mapToDouble(n -> n).toArray());

        Drift drift = Drift.of(before, now, 200.0 * perCluster, 0, DEFAULTS);

        assertThat(drift.drifted())
            .as("%d rows a cluster, seed %d: %s", perCluster, seed, drift.reason())
            .isFalse();
      }
    }
  }

  @Test
  void shouldCountFarRowsBeyondWhatRanksLetExpect() {
    ClusterStatistics before = statistics(new long[] {99, 900}, 1, 1);

    DriftMeasure far =
        measure(Drift.of(before, new long[] {100, 900}, 2, 40, DEFAULTS), "far-rows");

    assertThat(far.value()).isEqualTo(0.04);
    double expected = (100 * (1 - 99 / 100.0) + 900 * (1 - 891 / 901.0)) / 1000;
    assertThat(far.expected()).isEqualTo(expected, within(1e-12));
    assertThat(far.drifted()).isTrue();
  }

  @Test
  void shouldTakeThresholdsByName() {
    ClusterStatistics before = statistics(new long[] {100, 300}, 40, 60);
    DriftThresholds loose = DriftThresholds.of(Map.of("cost-ratio", 0.6));

    assertThat(Drift.of(before, new long[] {50, 150}, 75, 2, loose).drifted()).isFalse();
    assertThatThrownBy(() -> DriftThresholds.of(Map.of("ks", 0.1)))
        .hasMessageContaining("'ks' is no measure (expected cost-ratio, psi, js-divergence, grown");
    assertThatThrownBy(() -> DriftThresholds.of(Map.of("psi", -1.0)))
        .hasMessageContaining("psi is -1.0 (expected a number, at least 0)");
    assertThatThrownBy(() -> DriftThresholds.of(Map.of("psi", Double.NaN)))
        .hasMessageContaining("psi is NaN");
  }

  private static DriftMeasure measure(Drift drift, String name) {
    return drift.measures().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private static ClusterStatistics statistics(long[] sizes, double... costs) {
    return new ClusterStatistics(sizes, costs, new float[sizes.length]);
  }

  private static double entropy(double x) {
    return -x * Math.log(x) / Math.log(2);
  }

  private static long[] sample(double[] share, int rows, Random random) {
    double total = Arrays.stream(share).sum();
    long[] counts = new long[share.length];
    for (int row = 0; row < rows; row++) {
      double at = random.nextDouble() * total;
      int cluster = 0;
      while (cluster < share.length - 1 && at >= share[cluster]) {
        at -= share[cluster++];
      }
      counts[cluster]++;
    }
    return counts;
  }
}
