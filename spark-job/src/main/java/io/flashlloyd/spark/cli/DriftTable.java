package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.nightly.Drift;
import io.flashlloyd.spark.nightly.DriftMeasure;
import java.io.PrintWriter;
import java.util.Locale;

/** The measures of a drift on a terminal. */
final class DriftTable {
  private DriftTable() {}

  static void print(Drift drift, PrintWriter out) {
    out.printf(Locale.ROOT, "%-14s %10s %10s %10s%n", "measure", "value", "expected", "threshold");
    for (DriftMeasure measure : drift.measures()) {
      out.printf(
          Locale.ROOT,
          "%-14s %10.4g %10.4g %+10.4g%s%n",
          measure.name(),
          measure.value(),
          measure.expected(),
          measure.threshold(),
          measure.drifted() ? "  drifted" : "");
    }
    out.flush();
  }
}
