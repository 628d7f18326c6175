package io.flashlloyd.engine;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.reference.ReferenceEngine;

/** Opens engines by name. All give the same bits. */
public final class Engines {
  private Engines() {}

  /**
   * Opens an engine, to be closed by the caller.
   *
   * @param choice {@code auto}, {@code cpu}, {@code gpu} or {@code reference}
   * @param threads of the CPU engine, at least 1
   * @throws IllegalArgumentException for another choice, or one that this machine does not have
   */
  public static LloydEngine open(String choice, int threads) {
    return switch (choice) {
      case "auto", "cpu" -> new CpuEngine(threads);
      case "reference" -> new ReferenceEngine();
      case "gpu" ->
          throw new IllegalArgumentException(
              "Engine gpu is not in this build (expected cpu, reference or auto)");
      default ->
          throw new IllegalArgumentException(
              "Engine '%s' is unknown (expected auto, cpu, gpu or reference)".formatted(choice));
    };
  }
}
