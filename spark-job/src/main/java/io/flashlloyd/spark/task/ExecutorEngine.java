package io.flashlloyd.spark.task;

import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.LloydEngine;
import java.util.HashMap;
import java.util.Map;

/**
 * The engines of this process: one for each setting asked for, shared by all tasks, alive until the
 * process ends.
 */
public final class ExecutorEngine {
  private static final Map<EngineSettings, LloydEngine> ENGINES = new HashMap<>();

  private ExecutorEngine() {}

  /** The engine for these settings, opened where it is not open yet. */
  public static synchronized LloydEngine get(EngineSettings settings) {
    return ENGINES.computeIfAbsent(
        settings,
        s -> {
          int processors = Runtime.getRuntime().availableProcessors();
          return Engines.open(s.choice(), s.threads() == 0 ? processors : s.threads());
        });
  }

  /** Tells every engine that a chunk is gone. */
  public static synchronized void forget(long chunkId) {
    ENGINES.values().forEach(engine -> engine.forget(chunkId));
  }
}
