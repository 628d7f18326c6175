package io.flashlloyd.spark.fit;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall time of an iteration, by stage. */
final class StageClock {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private long last = start;

  /** Ends a stage that began where the last one ended. */
  void end(String stage) {
    long now = System.nanoTime();
    seconds.put(stage, (now - last) * 1e-9);
    last = now;
  }

  /**
   * Ends the pass: what it took beyond its slowest task was broadcast, scheduling and reduction.
   */
  void passAndReduce(double passSeconds) {
    end("reduce");
    seconds.computeIfPresent("reduce", (stage, wall) -> Math.max(0, wall - passSeconds));
    seconds.put("pass", passSeconds);
  }

  Map<String, Double> seconds() {
    seconds.put("total", (System.nanoTime() - start) * 1e-9);
    return seconds;
  }
}
