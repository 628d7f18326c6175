package io.flashlloyd.spark.report;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A fit in one line that is written over and over: what a notebook's cell or a shell shows. Only
 * carriage returns and spaces, no terminal's escapes; {@link #close} leaves the last words there.
 */
public final class LineProgress implements Progress, AutoCloseable {
  private final PrintStream out;
  private final long start = System.nanoTime();
  private int width;

  LineProgress(PrintStream out) {
    this.out = out;
  }

  /** On standard error. */
  public static LineProgress standard() {
    return new LineProgress(System.err);
  }

  @Override
  public Stage stage(String name, long rows) {
    if (!name.startsWith("iteration")) {
      show(rows < 0 ? name : name + ": " + Counts.of(rows, "row"));
    }
    return Stage.silent(); // what there is to say of it was said
  }

  @Override
  public void message(String text) {
    show(text);
  }

  @Override
  public void iteration(IterationReport report) {
    show(
        String.format(
            Locale.ROOT,
            "iteration %d: cost %s, %s moved, shift %.3g",
            report.iteration(),
            Costs.of(report.trainingCost()),
            Counts.of(report.movedRows(), "row"),
            report.centroidShift()));
  }

  private void show(String text) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    String line = String.format(Locale.ROOT, "%s (%.1f s)", text, seconds);
    synchronized (out) {
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      out.flush();
      width = line.length();
    }
  }

  /** Ends the line. */
  @Override
  public void close() {
    synchronized (out) {
      if (width > 0) {
        out.println();
        width = 0;
      }
    }
  }
}
