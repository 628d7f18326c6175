package io.flashlloyd.spark.report.page;

import java.util.Arrays;
import java.util.List;

/**
 * What changed since another run, as the page shows it.
 *
 * @param decision in a word: stable, drifted
 * @param measures what the decision was taken on
 * @param cluster numbers of the clusters that are drawn
 * @param before their shares of the other run's rows
 * @param after their shares of this run's rows
 */
public record DriftCharts(
    String decision,
    List<Measure> measures,
    List<Integer> cluster,
    List<Double> before,
    List<Double> after) {
  private static final int MOST = 2000;

  /**
   * A number that speaks for drift when it is large.
   *
   * @param threshold above it the data counts as drifted; null where it decides nothing
   */
  public record Measure(String name, double value, Double threshold) {}

  /**
   * From the rows of each cluster in both runs, cluster by cluster.
   *
   * @param before [k] rows of the other run
   * @param after [k] rows of this run
   */
  public static DriftCharts of(
      String decision, List<Measure> measures, long[] before, long[] after) {
    if (before.length != after.length) {
      throw new IllegalArgumentException(
          "There are sizes of %d clusters before and %d after (expected the same clusters)"
              .formatted(before.length, after.length));
    }
    List<Integer> drawn = CentroidMap.drawn(after, MOST);
    return new DriftCharts(
        decision, List.copyOf(measures), drawn, shares(before, drawn), shares(after, drawn));
  }

  private static List<Double> shares(long[] rows, List<Integer> drawn) {
    double total = Math.max(1, Arrays.stream(rows).sum());
    return drawn.stream().map(cluster -> rows[cluster] / total).toList();
  }
}
