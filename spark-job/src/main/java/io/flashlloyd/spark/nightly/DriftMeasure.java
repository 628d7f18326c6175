package io.flashlloyd.spark.nightly;

/**
 * One number that says how far data has moved.
 *
 * @param value what was measured
 * @param expected about what as many other rows of the old data's own distribution would give
 * @param threshold how far above that the value may be
 * @param drifted whether it is farther
 */
public record DriftMeasure(
    String name, double value, double expected, double threshold, boolean drifted) {
  static DriftMeasure of(String name, double value, double expected, double threshold) {
    return new DriftMeasure(name, value, expected, threshold, value > expected + threshold);
  }

  /** Whether the value is {@code factor} times as far above the expected one as it may be. */
  boolean exceeds(double factor) {
    return value > expected + factor * threshold;
  }
}
