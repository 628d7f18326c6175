package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.StageSeconds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Where the threads' time went, over all tiles of a pass. Thread-safe. */
final class TileTimes {
  private final LongAdder screen = new LongAdder();
  private final LongAdder refine = new LongAdder();
  private final LongAdder sum = new LongAdder();

  void add(TileClock tile) {
    screen.add(tile.screen());
    refine.add(tile.refine());
    sum.add(tile.sum());
  }

  StageSeconds seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    if (screen.sum() > 0) { // one centroid needs no screen
      seconds.put(StageSeconds.SCREEN, screen.sum() * 1e-9);
      seconds.put(StageSeconds.REFINE, refine.sum() * 1e-9);
    }
    seconds.put(StageSeconds.SUM, sum.sum() * 1e-9);
    return new StageSeconds(seconds);
  }
}
