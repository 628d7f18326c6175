package io.flashlloyd.engine;

import io.flashlloyd.engine.cpu.CpuEngine;
import io.flashlloyd.engine.cpu.ScreenedSearch;
import io.flashlloyd.engine.cuda.CudaEngine;
import io.flashlloyd.engine.cuda.CudaOptions;
import io.flashlloyd.engine.cuda.DeviceFullException;
import io.flashlloyd.engine.reference.ReferenceEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Opens engines by the names that users give them. */
public final class Engines {
  /** Centroids' coordinates from which on a screen is faster than one distance after the other. */
  private static final int SCREENED = 512;

  private static final String CHOICES = "expected auto, cpu, gpu or reference";

  private Engines() {}

  /**
   * Opens an engine, which the caller closes, on all GPUs that the process sees if it is one of
   * them.
   *
   * @param choice {@code cpu}, {@code gpu}, {@code reference}, or {@code auto} for the fastest that
   *     this machine can run
   * @param threads of the CPU engine, at least 1
   * @throws IllegalArgumentException for another name, or one that this machine or build cannot run
   */
  public static LloydEngine open(String choice, int threads) {
    return open(choice, threads, Gpus.ALL);
  }

  /** The same, on these GPUs if it is a GPU engine. */
  public static LloydEngine open(String choice, int threads, Gpus gpus) {
    return switch (choice.toLowerCase(Locale.ROOT)) {
      case "cpu" -> new CpuEngine(threads);
      case "auto" -> fastest(threads, gpus);
      case "reference" -> new ReferenceEngine();
      case "gpu" -> gpu(gpus);
      default ->
          throw new IllegalArgumentException(
              "Engine \"" + choice + "\" is unknown (" + CHOICES + ")");
    };
  }

  /** Why this process cannot run the GPU engine, in one line; empty if it can. */
  public static Optional<String> gpuObstacle() {
    return CudaEngine.unavailable(0);
  }

  /** Share of a GPU's free memory that its engine keeps rows in, unless told. */
  public static double gpuTierShare() {
    return CudaEngine.TIER_SHARE;
  }

  /**
   * Bytes of that which a row takes on a Hopper card. Besides, the engine keeps 4 bytes for each of
   * its rows, wherever they are.
   */
  public static double gpuTierRowBytes(ElementType type, int dimension) {
    return CudaEngine.tierRowBytes(type, dimension);
  }

  /** A search for the nearest of these centroids, row by row. */
  public static NearestSearch search(Centroids centroids) {
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return vectors && centroids.values().length >= SCREENED
        ? new ScreenedSearch(centroids)
        : new PlainSearch(centroids);
  }

  private static LloydEngine fastest(int threads, Gpus gpus) {
    String obstacle = obstacle(gpus).orElse(null);
    if (obstacle == null) {
      try {
        return open(gpus);
      } catch (DeviceFullException e) {
        obstacle = e.getMessage();
      }
    }
    return new CpuEngine(threads, obstacle);
  }

  private static LloydEngine gpu(Gpus gpus) {
    Optional<String> obstacle = obstacle(gpus);
    if (obstacle.isPresent()) {
      throw noGpu(obstacle.get(), null);
    }
    try {
      return open(gpus);
    } catch (DeviceFullException e) {
      throw noGpu(e.getMessage(), e);
    }
  }

  private static IllegalArgumentException noGpu(String obstacle, Throwable cause) {
    return new IllegalArgumentException(
        "Engine gpu cannot run here: %s; choose auto or cpu".formatted(obstacle), cause);
  }

  private static Optional<String> obstacle(Gpus gpus) {
    return gpus.devices().stream()
        .max(Integer::compare)
        .map(CudaEngine::unavailable)
        .orElseGet(Engines::gpuObstacle);
  }

  /** Nothing must be in the way. */
  private static LloydEngine open(Gpus gpus) {
    List<Integer> devices =
        gpus.devices().isEmpty()
            ? IntStream.range(0, CudaEngine.deviceCount()).boxed().toList()
            : gpus.devices();
    List<LloydEngine> engines = new ArrayList<>();
    try {
      for (int device : devices) {
        engines.add(CudaEngine.open(CudaOptions.device(device).withTierBytes(gpus.tierBytes())));
      }
    } catch (RuntimeException e) {
      engines.forEach(LloydEngine::close);
      throw e;
    }
    return engines.size() == 1 ? engines.get(0) : new JoinedEngines(engines);
  }
}
