package io.flashlloyd.spark.report;

import java.util.Locale;

/** Numbers of things in words for people. */
public final class Counts {
  private Counts() {}

  /** As in "1 row" and "1,200 rows". */
  public static String of(long count, String one) {
    return String.format(Locale.ROOT, count == 1 ? "%,d %s" : "%,d %ss", count, one);
  }
}
