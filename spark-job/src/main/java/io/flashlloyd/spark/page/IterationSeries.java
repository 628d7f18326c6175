package io.flashlloyd.spark.page;

import io.flashlloyd.spark.report.IterationReport;
import java.util.ArrayList;
import java.util.List;

/**
 * The iterations by column. Of very many, some are drawn: the first, the last and evenly between.
 *
 * @param note what was left out, or empty
 */
record IterationSeries(
    int[] number,
    double[] cost,
    long[] moved,
    double[] shift,
    int[] empty,
    double[] seconds,
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
        some.stream().mapToInt(IterationReport::iteration).toArray(),
        some.stream().mapToDouble(IterationReport::trainingCost).toArray(),
        some.stream().mapToLong(IterationReport::movedRows).toArray(),
        some.stream().mapToDouble(IterationReport::centroidShift).toArray(),
        some.stream().mapToInt(IterationReport::emptyClusters).toArray(),
        some.stream().mapToDouble(report -> report.seconds().get("total")).toArray(),
        note);
  }
}
