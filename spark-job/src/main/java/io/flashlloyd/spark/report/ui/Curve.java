package io.flashlloyd.spark.report.ui;

import io.flashlloyd.spark.report.IterationReport;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A small curve over the iterations, SVG. Logarithmic where values span more than two decades,
 * zeros left out.
 */
final class Curve {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 120;
  private static final int POINTS = 500;
  private static final double SPAN = 100;
  private static final double LONGEST = 1e15;

  private Curve() {}

  static String of(
      String title, List<IterationReport> iterations, ToDoubleFunction<IterationReport> value) {
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (IterationReport iteration : iterations) {
      double v = value.applyAsDouble(iteration);
      least = Math.min(least, v);
      largest = Math.max(largest, v);
      smallest = v > 0 ? Math.min(smallest, v) : smallest;
    }
    boolean logarithmic = largest > SPAN * smallest;
    double low = logarithmic ? Math.log(smallest) : least;
    double high = logarithmic ? Math.log(largest) : largest;
    StringBuilder points = new StringBuilder();
    int step = Math.max(1, iterations.size() / POINTS);
    for (int i = 0; i < iterations.size(); i += step) {
      double v = value.applyAsDouble(iterations.get(i));
      if (logarithmic && v <= 0) {
        continue;
      }
      double height = high == low ? 0.5 : ((logarithmic ? Math.log(v) : v) - low) / (high - low);
      double x = iterations.size() == 1 ? 0 : (double) WIDTH * i / (iterations.size() - 1);
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, HEIGHT * (1 - height)));
    }
    String range =
        String.format(
            Locale.ROOT,
            "%s: %s to %s%s",
            title,
            number(logarithmic ? smallest : least),
            number(largest),
            logarithmic ? ", logarithmic" : "");
    return String.format(
        Locale.ROOT,
        """
        <figure style="margin:0"><svg role="img" aria-label="%s" width="%d" height="%d"
          viewBox="-4 -4 %d %d"><path d="M-2,-2V%dH%d" fill="none" stroke="#adb5bd"/>
          <polyline points="%s" fill="none" stroke="#0b6bcb" stroke-width="2"/>
        </svg><figcaption class="text-muted">%s</figcaption></figure>
        """,
        range,
        WIDTH + 8,
        HEIGHT + 8,
        WIDTH + 8,
        HEIGHT + 8,
        HEIGHT + 2,
        WIDTH + 2,
        points.toString().strip(),
        range);
  }

  /** A value as people read it: no exponent where its digits fit, none behind the point but few. */
  static String number(double value) {
    if (value == Math.rint(value) && value < LONGEST) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 1000 && value < LONGEST ? "%,.1f" : "%.4g", value);
  }
}
