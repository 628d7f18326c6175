package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.report.Counts;
import java.util.Locale;

/** The text of a stage's progress. */
final class StageLine {
  private StageLine() {}

  /**
   * A stage under way.
   *
   * @param rows all rows of the stage, negative where nobody knows yet
   * @param done rows so far
   */
  static String of(String name, long rows, long done, double seconds) {
    double rate = done / seconds;
    String text = "%s: %s, %s rows/s".formatted(name, Counts.of(done, "row"), rate(rate));
    if (rows > 0 && done > 0) {
      text += String.format(Locale.ROOT, ", %d %%", 100 * done / rows);
      text += ", " + duration(Math.max(0, rows - done) / rate) + " left";
    }
    return text;
  }

  /** A stage that has ended. */
  static String ended(String name, long rows, double seconds) {
    return String.format(
        Locale.ROOT,
        "%s: %s in %.2f s, %s rows/s",
        name,
        Counts.of(rows, "row"),
        seconds,
        rate(rows / seconds));
  }

  private static String rate(double perSecond) {
    if (perSecond >= 1e6) {
      return String.format(Locale.ROOT, "%.1f M", perSecond / 1e6);
    }
    return String.format(Locale.ROOT, "%,.0f", perSecond);
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
