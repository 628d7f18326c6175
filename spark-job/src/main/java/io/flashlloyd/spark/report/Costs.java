package io.flashlloyd.spark.report;

import java.util.Locale;

/** Costs in lines for people: the same digits while a run goes on and at its end. */
public final class Costs {
  private Costs() {}

  /** Nine digits. */
  public static String of(double cost) {
    return String.format(Locale.ROOT, "%.9g", cost);
  }
}
