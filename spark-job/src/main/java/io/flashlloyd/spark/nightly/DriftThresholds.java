package io.flashlloyd.spark.nightly;

import java.util.LinkedHashMap;
import java.util.Map;

/** How far each measure may be above its expected value. */
public final class DriftThresholds {
  /** In the order of reports. A PSI of 0.1 is where practice begins to speak of a change. */
  public static final Map<String, Double> DEFAULTS = defaults();

  private final Map<String, Double> values = new LinkedHashMap<>(DEFAULTS);

  private static Map<String, Double> defaults() {
    Map<String, Double> defaults = new LinkedHashMap<>();
    defaults.put("cost-ratio", 0.1);
    defaults.put("psi", 0.1);
    defaults.put("js-divergence", 0.02);
    defaults.put("grown", 0.05);
    defaults.put("shrunk", 0.05);
    defaults.put("emptied", 0.05);
    defaults.put("far-rows", 0.02);
    return java.util.Collections.unmodifiableMap(defaults);
  }

  /**
   * The defaults, but for those that are given.
   *
   * @throws IllegalArgumentException for a name that is unknown, or a value that is no number from
   *     0 on
   */
  public static DriftThresholds of(Map<String, Double> given) {
    DriftThresholds thresholds = new DriftThresholds();
    given.forEach(
        (name, value) -> {
          if (!DEFAULTS.containsKey(name)) {
            throw new IllegalArgumentException(
                "'%s' is no measure (expected %s)"
                    .formatted(name, String.join(", ", DEFAULTS.keySet())));
          }
          if (!(value >= 0)) {
            throw new IllegalArgumentException(
                "%s is %s (expected a number, at least 0)".formatted(name, value));
          }
          thresholds.values.put(name, value);
        });
    return thresholds;
  }

  DriftMeasure measure(String name, double value, double expected) {
    return DriftMeasure.of(name, value, expected, values.get(name));
  }

  /** By name. */
  public Map<String, Double> values() {
    return java.util.Collections.unmodifiableMap(values);
  }
}
