package io.flashlloyd.engine;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.cpu.ScreenedSearch;
import io.flashlloyd.engine.cuda.CudaEngine;
import io.flashlloyd.engine.cuda.CudaOptions;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.Locale;
import java.util.Optional;

/** Opens engines by the names that users give them. */
public final class Engines {
  /** The CUDA device of a process; Spark and CUDA_VISIBLE_DEVICES choose which one that is. */
  private static final int DEVICE = 0;

  /** Centroids' coordinates from which on a screen is faster than one distance after the other. */
  private static final int SCREENED = 512;

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
      case "auto" -> fastest(threads);
      case "reference" -> new ReferenceEngine();
      case "gpu" -> gpu();
      default ->
          throw new IllegalArgumentException(
              "Engine \"" + choice + "\" is unknown (" + CHOICES + ")");
    };
  }

  /** A search for the nearest of these centroids, row by row. */
  public static NearestSearch search(Centroids centroids) {
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return vectors && centroids.values().length >= SCREENED
        ? new ScreenedSearch(centroids)
        : new PlainSearch(centroids);
  }

  private static LloydEngine fastest(int threads) {
    Optional<String> obstacle = CudaEngine.unavailable(DEVICE);
    return obstacle.isPresent()
        ? new Chosen(new CpuEngine(threads), obstacle.get())
        : new Chosen(CudaEngine.open(CudaOptions.device(DEVICE)), "there is a GPU");
  }

  private static LloydEngine gpu() {
    Optional<String> obstacle = CudaEngine.unavailable(DEVICE);
    if (obstacle.isPresent()) {
      throw new IllegalArgumentException(
          "Engine gpu was asked for, but %s (choose auto or cpu)".formatted(obstacle.get()));
    }
    return CudaEngine.open(CudaOptions.device(DEVICE));
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
