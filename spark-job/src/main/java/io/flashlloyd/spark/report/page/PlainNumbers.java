package io.flashlloyd.spark.report.page;

import io.flashlloyd.spark.report.Counts;
import io.flashlloyd.spark.report.RunReport;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.StringEscapeUtils;

/** The main numbers of a run in tables, for browsers that run no scripts; digits as there. */
final class PlainNumbers {
  private final StringBuilder html = new StringBuilder();

  private PlainNumbers() {}

  /**
   * HTML in which all that the run named is text.
   *
   * @param drift what changed since another run, or null
   */
  static String html(RunReport report, IterationSeries iterations, DriftCharts drift) {
    PlainNumbers page = new PlainNumbers();
    page.facts(report, drift);
    if (drift != null) {
      page.measures(drift.measures());
    }
    if (!iterations.number().isEmpty()) {
      page.iterations(iterations);
    }
    return page.html.toString();
  }

  private void facts(RunReport report, DriftCharts drift) {
    String rows = Counts.of(report.rows(), "row");
    String clusters = Counts.of(report.kReturned(), "cluster");
    html.append("<h1>%s</h1>".formatted(text(report.command() + ": " + rows + " in " + clusters)));
    List<List<String>> facts = new ArrayList<>();
    if (drift != null) {
      facts.add(List.of("decision", drift.decision()));
    }
    facts.add(List.of("rows", rows + " of " + report.dimension() + " " + report.dtype()));
    facts.add(
        List.of("clusters", clusters + ", " + count(report.clusterSizes().empty()) + " empty"));
    if (report.converged() != null) {
      facts.add(List.of("iterations", report.iterations().size() + ", " + end(report)));
    }
    facts.add(List.of("training cost", number(report.trainingCost(), 6)));
    facts.add(List.of("time", seconds(report.seconds().get("total"))));
    facts.add(List.of("engine", report.engine()));
    table(List.of(), facts);
  }

  private static String end(RunReport report) {
    if (report.iterations().isEmpty()) {
      return "the initial centroids are the result";
    }
    return report.converged() ? "stopped by itself" : "rows were still moving";
  }

  private void measures(List<DriftCharts.Measure> measures) {
    table(
        List.of("measure", "value", "threshold"),
        measures.stream()
            .map(m -> List.of(m.name(), number(m.value(), 4), number(m.threshold(), 4)))
            .toList());
  }

  private void iterations(IterationSeries all) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < all.number().size(); i++) {
      rows.add(
          List.of(
              all.number().get(i).toString(),
              number(all.cost().get(i), 6),
              count(all.moved().get(i)),
              number(all.shift().get(i), 4),
              count(all.empty().get(i)),
              seconds(all.seconds().get(i))));
    }
    table(List.of("iteration", "cost", "moved rows", "shift", "empty clusters", "wall time"), rows);
    if (!all.note().isEmpty()) {
      html.append("<p>%s</p>".formatted(text(all.note())));
    }
  }

  /**
   * Rows begin with their names. Under a head, the rest are numbers. End tags may be left away.
   *
   * @param head names of the columns, or empty
   */
  private void table(List<String> head, List<List<String>> rows) {
    html.append("<div class=\"card\"><table>");
    String number = head.isEmpty() ? "" : " class=\"number\"";
    if (!head.isEmpty()) {
      html.append("<thead>");
      row("th", "th" + number, head);
    }
    html.append("<tbody>");
    rows.forEach(row -> row(head.isEmpty() ? "th" : "td", "td" + number, row));
    html.append("</table></div>");
  }

  private void row(String first, String other, List<String> cells) {
    html.append("\n<tr>");
    for (int i = 0; i < cells.size(); i++) {
      html.append('<').append(i == 0 ? first : other).append('>').append(text(cells.get(i)));
    }
  }

  private static String text(String any) {
    return StringEscapeUtils.escapeHtml4(any);
  }

  private static String count(long many) {
    return String.format(Locale.ROOT, "%,d", many);
  }

  private static String number(Double value, int digits) {
    if (value == null || !Double.isFinite(value)) {
      return "–";
    }
    double size = Math.abs(value);
    String pattern = size != 0 && (size >= 1e9 || size < 1e-4) ? "0.#####E0" : "#,##0.##########";
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    symbols.setExponentSeparator("e");
    return new DecimalFormat(pattern, symbols)
        .format(new BigDecimal(value).round(new MathContext(digits)));
  }

  private static String seconds(Double value) {
    if (value == null) {
      return "–";
    }
    if (value < 60) {
      return value < 0.1 ? number(1000 * value, 3) + " ms" : number(value, 3) + " s";
    }
    long whole = Math.round(value);
    String hours = whole < 3600 ? "" : whole / 3600 + " h ";
    return hours + whole / 60 % 60 + " min " + whole % 60 + " s";
  }
}
