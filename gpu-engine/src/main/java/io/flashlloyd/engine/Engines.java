package io.flashlloyd.engine;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.Locale;

/** Opens engines by the names that users give them. */
public final class Engines {
  private static final String CHOICES = "expected auto, cpu, gpu or reference";

  private Engines() {}

  /**
   * Opens an engine, which the caller closes.
   *
   * @param choice {@code cpu}, {@code gpu}, {@code reference}, or {@code auto} for the fastest that
   *     this machine can run
   * @param threads of the CPU engine, at least 1
   * @throws IllegalArgumentException for another name, or one that this machine or build cannot run
   */
  public static LloydEngine open(String choice, int threads) {
    return switch (choice.toLowerCase(Locale.ROOT)) {
      case "cpu" -> new CpuEngine(threads);
      case "auto" -> new Chosen(new CpuEngine(threads), "this build has no GPU engine");
      case "reference" -> new ReferenceEngine();
      case "gpu" ->
          throw new IllegalArgumentException(
              "Engine gpu was asked for, but this build has no GPU engine (choose auto or cpu)");
      default ->
          throw new IllegalArgumentException(
              "Engine \"" + choice + "\" is unknown (" + CHOICES + ")");
    };
  }

  /** An engine that was not asked for by name, and why it was taken. */
  private record Chosen(LloydEngine engine, String reason) implements LloydEngine {
    @Override
    public String description() {
      return engine.description() + " (auto: " + reason + ")";
    }

    @Override
    public Pass begin(PassPlan plan) {
      return engine.begin(plan);
    }

    @Override
    public void forget(long chunkId) {
      engine.forget(chunkId);
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
