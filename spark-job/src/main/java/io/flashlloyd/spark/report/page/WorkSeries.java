package io.flashlloyd.spark.report.page;

import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.RunReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Work by stage for each pass over the rows: reading, iterations, assigning. Of very many
 * iterations, neighbours share a bar that shows their mean.
 *
 * @param labels short names of the bars
 * @param titles longer ones
 * @param wall wall time of each bar's pass
 * @param stages seconds of each bar by stage, null where a stage was not measured
 * @param note how iterations were put together, or empty
 */
record WorkSeries(
    List<String> labels,
    List<String> titles,
    List<Double> wall,
    Map<String, List<Double>> stages,
    String note) {
  private static final int MOST = 80;

  /** The order in which rows meet them; others come last. */
  private static final List<String> ORDER =
      List.of(
          "read",
          "decode",
          "read and decode",
          "copy",
          "bounds",
          "screen",
          "sort",
          "refine",
          "refine and sum",
          "sum",
          "reduce");

  /** A bar. */
  private record Bar(String label, String title, Double wall, Map<String, Double> seconds) {}

  static WorkSeries of(RunReport report) {
    List<IterationReport> iterations = report.iterations();
    int group = Math.max(1, (iterations.size() + MOST - 1) / MOST);
    List<Bar> bars = new ArrayList<>();
    bars.add(bar("read", report, report.stages().read()));
    for (int from = 0; from < iterations.size(); from += group) {
      bars.add(mean(iterations.subList(from, Math.min(from + group, iterations.size()))));
    }
    bars.add(bar("assign", report, report.stages().assign()));
    String note = group == 1 ? "" : "A bar is the mean of %d iterations.".formatted(group);
    return of(bars, note);
  }

  private static Bar bar(String name, RunReport report, Map<String, Double> seconds) {
    return new Bar(name, name, report.seconds().get(name), seconds);
  }

  private static Bar mean(List<IterationReport> iterations) {
    int first = iterations.get(0).iteration();
    int last = iterations.get(iterations.size() - 1).iteration();
    Map<String, Double> seconds = new LinkedHashMap<>();
    double wall = 0;
    for (IterationReport iteration : iterations) {
      iteration.stages().forEach((stage, s) -> seconds.merge(stage, s, Double::sum));
      wall += iteration.seconds().get("total");
    }
    seconds.replaceAll((stage, s) -> s / iterations.size());
    String title =
        first == last ? "iteration " + first : "iterations %d to %d, mean".formatted(first, last);
    return new Bar(String.valueOf(first), title, wall / iterations.size(), seconds);
  }

  private static WorkSeries of(List<Bar> bars, String note) {
    Set<String> names = new HashSet<>();
    bars.forEach(bar -> names.addAll(bar.seconds().keySet()));
    Map<String, List<Double>> stages = new LinkedHashMap<>();
    List<String> ordered = new ArrayList<>(ORDER);
    names.stream().filter(name -> !ORDER.contains(name)).sorted().forEach(ordered::add);
    for (String name : ordered) {
      if (names.contains(name)) {
        List<Double> seconds = new ArrayList<>();
        bars.forEach(bar -> seconds.add(bar.seconds().get(name)));
        stages.put(name, seconds);
      }
    }
    return new WorkSeries(
        bars.stream().map(Bar::label).toList(),
        bars.stream().map(Bar::title).toList(),
        bars.stream().map(Bar::wall).toList(),
        stages,
        note);
  }
}
