package io.flashlloyd.spark.report.ui;

import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.LiveRun;
import io.flashlloyd.spark.report.LiveRun.StageView;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.StringEscapeUtils;

/** Runs as HTML in the dress of Spark's UI. */
final class RunHtml {
  /** Iterations in the table, the last ones; the curves show all. */
  private static final int ROWS = 200;

  private final StringBuilder html = new StringBuilder();

  private RunHtml() {}

  /**
   * @param runs the last first
   */
  static String of(List<LiveRun> runs) {
    RunHtml page = new RunHtml();
    if (runs.isEmpty()) {
      page.add("<p>No run has begun yet.</p>");
    } else {
      page.run(runs.get(0));
      page.earlier(runs.subList(1, runs.size()));
    }
    return page.html.toString();
  }

  /** Adds HTML with these texts in it, escaped. */
  private void add(String format, Object... texts) {
    Object[] escaped = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      escaped[i] = texts[i] instanceof String text ? StringEscapeUtils.escapeHtml4(text) : texts[i];
    }
    html.append(String.format(Locale.ROOT, format, escaped));
  }

  private void run(LiveRun run) {
    if (run.state() == LiveRun.State.RUNNING) {
      add("<meta http-equiv=\"refresh\" content=\"3\"/>");
    }
    add("<h4>%s</h4><p>%s, %s", run.name(), state(run), age(run));
    run.messages().forEach(message -> add("<br/>%s", message));
    add("</p>");
    run.stage().ifPresent(this::stage);
    List<IterationReport> iterations = run.iterations();
    if (!iterations.isEmpty()) {
      add("<div style=\"display:flex;flex-wrap:wrap;gap:24px;margin:16px 0\">");
      html.append(Curve.of("training cost", iterations, IterationReport::trainingCost));
      html.append(Curve.of("moved rows", iterations, IterationReport::movedRows));
      html.append(Curve.of("centroid shift", iterations, IterationReport::centroidShift));
      add("</div>");
      table(iterations);
    }
  }

  private void stage(StageView stage) {
    if (stage.rows() > 0) {
      double percent = Math.min(100, 100.0 * stage.done() / stage.rows());
      add("<div class=\"progress\" style=\"max-width:600px\"><div class=\"progress-bar\"");
      add(" style=\"width:%.1f%%\"></div></div>", percent);
      add("<p>%s: %,d of %s</p>", stage.name(), stage.done(), Counts.of(stage.rows(), "row"));
    } else {
      add("<p>%s: %s</p>", stage.name(), Counts.of(stage.done(), "row"));
    }
  }

  private void table(List<IterationReport> iterations) {
    int from = Math.max(0, iterations.size() - ROWS);
    if (from > 0) {
      add("<p>The last %,d of %,d iterations</p>", ROWS, iterations.size());
    }
    head(
        "text-right",
        "iteration",
        "training cost",
        "moved rows",
        "centroid shift",
        "empty",
        "seconds");
    for (IterationReport i : iterations.subList(from, iterations.size())) {
      add("<tr><td>%d</td><td>%s</td>", i.iteration(), Curve.number(i.trainingCost()));
      add("<td>%,d</td><td>%.4g</td>", i.movedRows(), i.centroidShift());
      add("<td>%d</td><td>%.2f</td></tr>", i.emptyClusters(), i.seconds().get("total"));
    }
    add("</tbody></table>");
  }

  private void earlier(List<LiveRun> runs) {
    if (runs.isEmpty()) {
      return;
    }
    add("<h4>Earlier runs</h4>");
    head("text-left", "run", "state", "iterations", "time");
    for (LiveRun run : runs) {
      add("<tr><td>%s</td><td>%s</td>", run.name(), state(run));
      add("<td>%d</td><td>%s</td></tr>", run.iterations().size(), age(run));
    }
    add("</tbody></table>");
  }

  private void head(String alignment, String... names) {
    add("<table class=\"table table-bordered table-sm table-striped %s\"", alignment);
    add(" style=\"width:auto;min-width:600px\"><thead><tr>");
    for (String name : names) {
      add("<th>%s</th>", name);
    }
    add("</tr></thead><tbody>");
  }

  private static String state(LiveRun run) {
    return run.state().name().toLowerCase(Locale.ROOT);
  }

  private static String age(LiveRun run) {
    return String.format(Locale.ROOT, "%.1f s", run.age().toMillis() / 1e3);
  }
}
