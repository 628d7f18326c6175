package io.flashlloyd.spark.nightly;

import io.flashlloyd.spark.run.ClusterStatistics;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How far new rows are from what a run knew.
 *
 * @param rowsBefore rows of the run
 * @param rowsAfter new rows
 * @param costPerRowBefore against the same centroids, as is {@code costPerRowAfter}
 * @param measures all of them; one that is above its threshold makes it a drift
 * @param grown clusters whose share more than doubled, by more than chance explains
 * @param shrunk clusters whose share more than halved, by more than chance explains
 * @param emptied clusters that had rows and have none
 */
public record Drift(
    long rowsBefore,
    long rowsAfter,
    double costPerRowBefore,
    double costPerRowAfter,
    List<DriftMeasure> measures,
    List<Integer> grown,
    List<Integer> shrunk,
    List<Integer> emptied) {
  /**
   * Compares.
   *
   * @param after [k] new rows of each cluster
   * @param costAfter training cost of the new rows
   * @param farRows new rows that are farther than their cluster's p99
   */
  public static Drift of(
      ClusterStatistics before,
      long[] after,
      double costAfter,
      long farRows,
      DriftThresholds thresholds) {
    long rowsBefore = before.rows();
    long rowsAfter = java.util.Arrays.stream(after).sum();
    double costBefore = before.costPerRow();
    double costPerRow = costAfter / rowsAfter;
    SizeShift shift = SizeShift.of(before.sizes(), after, rowsBefore, rowsAfter);
    ByChance chance = new ByChance(before, rowsAfter);
    double k = before.k();
    List<DriftMeasure> measures =
        List.of(
            thresholds.measure("cost-ratio", ratio(costPerRow, costBefore), chance.costRatio()),
            thresholds.measure("psi", shift.psi(), chance.psi()),
            thresholds.measure("js-divergence", shift.jsDivergence(), chance.jsDivergence()),
            thresholds.measure("grown", shift.grown().size() / k, 0),
            thresholds.measure("shrunk", shift.shrunk().size() / k, 0),
            thresholds.measure("emptied", shift.emptied().size() / k, chance.emptied()),
            thresholds.measure("far-rows", farRows / (double) rowsAfter, chance.farRows(after)));
    return new Drift(
        rowsBefore,
        rowsAfter,
        costBefore,
        costPerRow,
        measures,
        shift.grown(),
        shift.shrunk(),
        shift.emptied());
  }

  private static double ratio(double after, double before) {
    return after == before ? 1 : after / before;
  }

  /** Whether any measure is above its threshold. */
  public boolean drifted() {
    return measures.stream().anyMatch(DriftMeasure::drifted);
  }

  /** Whether any measure is {@code factor} times as far above its expected value as it may be. */
  public boolean exceeds(double factor) {
    return measures.stream().anyMatch(measure -> measure.exceeds(factor));
  }

  /** The measures that are above their thresholds, for people. */
  public String reason() {
    return measures.stream()
        .filter(DriftMeasure::drifted)
        .map(
            m ->
                String.format(
                    java.util.Locale.ROOT,
                    "%s %.4g (expected %.4g, at most %.4g more)",
                    m.name(),
                    m.value(),
                    m.expected(),
                    m.threshold()))
        .collect(Collectors.joining(", "));
  }
}
