package io.flashlloyd.engine.bench;

import java.util.Arrays;

/**
 * Seconds of an iteration of one contestant, and what the machine's multiply-add rate was meanwhile
 * (0 where it was not taken).
 */
record Measured(String shape, double gigaflop, String contestant, double[] seconds, double raw) {
  double median() {
    return median(seconds);
  }

  double rate() {
    return gigaflop / median();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
