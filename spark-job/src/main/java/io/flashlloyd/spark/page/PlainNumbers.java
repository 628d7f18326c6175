package io.flashlloyd.spark.page;

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

/** The main numbers of a run in tables, for browsers that run no scripts. */
final class PlainNumbers {
  private static final MathContext DIGITS = new MathContext(6);

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
      String end = report.converged() ? "stopped by itself" : "rows were still moving";
      facts.add(List.of("iterations", "%d, %s".formatted(report.iterations().size(), end)));
    }
    facts.add(List.of("training cost", number(report.trainingCost())));
    facts.add(List.of("seconds", number(report.seconds().get("total"))));
    facts.add(List.of("engine", report.engine()));
    table("", facts);
  }

  private void measures(List<DriftCharts.Measure> measures) {
    table(
        "<tr><th>measure<th>value<th>threshold",
        measures.stream()
            .map(m -> List.of(m.name(), number(m.value()), number(m.threshold())))
            .toList());
  }

  private void iterations(IterationSeries all) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < all.number().size(); i++) {
      rows.add(
          List.of(
              all.number().get(i).toString(),
              number(all.cost().get(i)),
              count(all.moved().get(i)),
              number(all.shift().get(i)),
              count(all.empty().get(i)),
              number(all.seconds().get(i))));
    }
    table("<tr><th>iteration<th>cost<th>moved rows<th>shift<th>empty clusters<th>seconds", rows);
    html.append("<p>%s</p>".formatted(text(all.note())));
  }

  /** Where there is no head, rows begin with their names; end tags of cells may be left away. */
  private void table(String head, List<List<String>> rows) {
    html.append("<div class=\"card\"><table>").append(head);
    for (List<String> row : rows) {
      html.append("\n<tr>");
      for (int cell = 0; cell < row.size(); cell++) {
        html.append(cell == 0 && head.isEmpty() ? "<th>" : "<td>").append(text(row.get(cell)));
      }
    }
    html.append("</table></div>");
  }

  private static String text(String any) {
    return StringEscapeUtils.escapeHtml4(any);
  }

  private static String count(long many) {
    return String.format(Locale.ROOT, "%,d", many);
  }

  /** Six digits that matter, as charts.js writes them. */
  private static String number(Double value) {
    if (value == null || !Double.isFinite(value)) {
      return "–";
    }
    double size = Math.abs(value);
    if (size != 0 && (size >= 1e9 || size < 1e-4)) {
      return String.format(Locale.ROOT, "%.5e", value);
    }
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    return new DecimalFormat("#,##0.##########", symbols)
        .format(new BigDecimal(value).round(DIGITS));
  }
}
