package io.flashlloyd.spark.run;

import java.util.LinkedHashMap;
import java.util.Map;

/** Wall time of a run's stages, one after the other. */
public final class Timeline {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private long last = start;

  /** Ends the stage that began where the last one ended. */
  public void end(String stage) {
    long now = System.nanoTime();
    seconds.put(stage, (now - last) * 1e-9);
    last = now;
  }

  /** Stages so far, and their total. */
  public Map<String, Double> seconds() {
    seconds.put("total", (last - start) * 1e-9);
    return seconds;
  }
}
