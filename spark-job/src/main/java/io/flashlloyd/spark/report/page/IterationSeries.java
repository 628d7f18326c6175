package io.flashlloyd.spark.report.page;

import io.flashlloyd.spark.report.IterationReport;
import java.util.ArrayList;
import java.util.List;

/**
 * The iterations by column. Of very many, some are drawn: the first, the last and evenly between.
 *
 * @param note what was left out, or empty
 */
record IterationSeries(
    List<Integer> number,
    List<Double> cost,
    List<Long> moved,
    List<Long> unscreened,
    List<Double> shift,
    List<Integer> empty,
    List<Double> seconds,
    String note) {
  private static final int MOST = 1000;

  static IterationSeries of(List<IterationReport> all) {
    int step = Math.max(1, (all.size() + MOST - 1) / MOST);
    List<IterationReport> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (i % step == 0 || i == all.size() - 1) {
        some.add(all.get(i));
      }
    }
    String note =
        step == 1 ? "" : "One of %d iterations is drawn; report.json has all.".formatted(step);
    return new IterationSeries(
        some.stream().map(IterationReport::iteration).toList(),
        some.stream().map(IterationReport::trainingCost).toList(),
        some.stream().map(IterationReport::movedRows).toList(),
        some.stream().map(IterationReport::unscreenedRows).toList(),
        some.stream().map(IterationReport::centroidShift).toList(),
        some.stream().map(IterationReport::emptyClusters).toList(),
        some.stream().map(report -> report.seconds().get("total")).toList(),
        note);
  }
}
