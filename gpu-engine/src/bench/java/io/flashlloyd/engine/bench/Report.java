package io.flashlloyd.engine.bench;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** The results as a table for people and as JSON. */
final class Report {
  private Report() {}

  /**
   * One line for each contestant; ratios are of our medians to theirs. Of ours there are two for a
   * shape, without bounds and with them.
   */
  static String table(List<Measured> all) {
    StringBuilder out = new StringBuilder();
    String line = "| %-30s | %-24s | %11s | %8s | %11s | %18s | %18s |%n";
    out.append(
        line.formatted(
            "shape",
            "contestant",
            "s/iteration",
            "GFLOP/s",
            "of raw FMA",
            "without bounds are",
            "we are"));
    out.append(
        line.replace(" ", "-")
            .replace("%-", "%")
            .replaceAll("%[0-9]+s", "%s")
            .formatted(
                "-".repeat(30),
                "-".repeat(24),
                "-".repeat(11),
                "-".repeat(8),
                "-".repeat(11),
                "-".repeat(18),
                "-".repeat(18)));
    Measured plain = null;
    Measured ours = null;
    for (Measured one : all) {
      boolean isOurs = one.raw() > 0;
      plain = isOurs ? ours : plain;
      ours = isOurs ? one : ours;
      out.append(
          line.formatted(
              one.shape(),
              one.contestant(),
              "%.3f".formatted(one.median()),
              "%.0f".formatted(one.rate()),
              "%.2f".formatted(one.rate() / ours.raw()),
              isOurs ? "" : ratio(one, plain),
              isOurs ? "" : ratio(one, ours)));
    }
    return out.toString();
  }

  private static String ratio(Measured theirs, Measured ours) {
    return "%.2f x as fast".formatted(theirs.median() / ours.median());
  }

  /** An object with everything measured. */
  static String json(List<Measured> all, int threads) {
    StringJoiner results = new StringJoiner(",\n  ", "[\n  ", "\n]");
    for (Measured one : all) {
      StringJoiner seconds = new StringJoiner(", ", "[", "]");
      for (double second : one.seconds()) {
        seconds.add(String.format(Locale.ROOT, "%.4f", second));
      }
      results.add(
          String.format(
              Locale.ROOT,
              "{\"shape\": \"%s\", \"contestant\": \"%s\", \"gigaflop\": %.1f, "
                  + "\"secondsPerIteration\": %s, \"rawFmaGigaflops\": %.1f}",
              one.shape(),
              one.contestant(),
              one.gigaflop(),
              seconds,
              one.raw()));
    }
    return "{\"threads\": " + threads + ", \"results\": " + results + "}\n";
  }
}
