package io.flashlloyd.engine;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Seconds of work by stage, added over chunks, threads, devices and machines: stages of different
 * chunks overlap, so the total is usually more than the wall time. A stage that nobody measured is
 * absent. Immutable.
 */
public record StageSeconds(Map<String, Double> seconds) implements Serializable {
  /** Host memory to device memory. */
  public static final String COPY = "copy";

  /** Distances to rows' own centroids and bounds, which leave rows out of the screen. */
  public static final String BOUNDS = "bounds";

  /** Fast scores that rule centroids out. */
  public static final String SCREEN = "screen";

  /** Rows ordered by their group of centroids. */
  public static final String SORT = "sort";

  /** Exact distances where the screen left more than one centroid. */
  public static final String REFINE = "refine";

  /** Distances to the winners, sums and costs. */
  public static final String SUM = "sum";

  /** Where one kernel does both. */
  public static final String REFINE_AND_SUM = "refine and sum";

  /** Nothing was measured. */
  public static final StageSeconds NONE = new StageSeconds(Map.of());

  public StageSeconds {
    seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }

  /** Both together. */
  public StageSeconds plus(StageSeconds other) {
    Map<String, Double> sum = new LinkedHashMap<>(seconds);
    other.seconds.forEach((stage, more) -> sum.merge(stage, more, Double::sum));
    return new StageSeconds(sum);
  }

  /** The share of one of {@code count} that had all of it together. */
  public StageSeconds dividedBy(int count) {
    Map<String, Double> share = new LinkedHashMap<>();
    seconds.forEach((stage, all) -> share.put(stage, all / count));
    return new StageSeconds(share);
  }

  /** With more of one stage. */
  public StageSeconds plus(String stage, double more) {
    return plus(new StageSeconds(Map.of(stage, more)));
  }
}
