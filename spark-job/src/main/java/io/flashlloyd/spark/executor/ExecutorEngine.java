package io.flashlloyd.spark.executor;

import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.Gpus;
import io.flashlloyd.engine.HostMemory;
import io.flashlloyd.engine.LloydEngine;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The engines of this process: one for each setting asked for and set of GPUs, shared by all tasks,
 * alive until the process ends.
 */
public final class ExecutorEngine {
  /** What Spark calls the resource. */
  static final String GPU = "gpu";

  private record Key(EngineSettings settings, Gpus gpus) {}

  private static final Map<Key, LloydEngine> ENGINES = new HashMap<>();

  private static final LongAdder ROWS = new LongAdder();

  private ExecutorEngine() {}

  public static void countAssigned(long rows) {
    ROWS.add(rows);
  }

  /** Rows that this process has assigned since it started, for its metrics. */
  public static long rowsAssigned() {
    return ROWS.sum();
  }

  /**
   * The engine for these settings, opened where it is not open yet: on the GPUs that Spark gave the
   * calling task. A task that was given none gets the engine that one with GPUs opened, or, where
   * Spark gives none to any, one on all that the process sees.
   */
  public static synchronized LloydEngine get(EngineSettings settings) {
    List<Integer> devices = devices();
    Optional<Key> opened =
        ENGINES.keySet().stream()
            .filter(other -> devices.isEmpty() && other.settings().equals(settings))
            .findFirst();
    Key key = opened.orElseGet(() -> new Key(settings, new Gpus(devices, settings.deviceBytes())));
    return ENGINES.computeIfAbsent(
        key,
        k -> {
          int processors = Runtime.getRuntime().availableProcessors();
          int threads = settings.threads() == 0 ? processors : settings.threads();
          return Engines.open(settings.choice(), threads, k.gpus());
        });
  }

  private static List<Integer> devices() {
    TaskContext task = TaskContext.get();
    ResourceInformation given = task == null ? null : task.resourcesJMap().get(GPU);
    return given == null
        ? List.of()
        : Arrays.stream(given.addresses()).map(ExecutorEngine::ordinal).toList();
  }

  private static int ordinal(String address) {
    try {
      return Integer.parseInt(address);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "GPU address '%s' is no number (expected CUDA ordinals: use the discovery script in"
                  .formatted(address)
              + " submit-scripts)",
          e);
    }
  }

  /** Page-locked memory of an engine that is open here; none where no engine has any. */
  public static synchronized Optional<HostMemory> allocatePinned(int bytes) {
    return ENGINES.values().stream()
        .map(engine -> engine.allocatePinned(bytes))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Tells everybody that a chunk is gone; nobody who asks for an engine waits meanwhile. */
  public static void forget(long chunkId) {
    ChunkNotes.forget(chunkId);
    all().forEach(engine -> engine.forget(chunkId));
  }

  /** Bytes of chunks that this process's engines keep in device memory. */
  public static long residentBytes() {
    return all().stream().mapToLong(LloydEngine::residentBytes).sum();
  }

  /** Bytes that this process's engines keep in device memory where they are fed as much. */
  public static long keepsBytes() {
    return all().stream().mapToLong(LloydEngine::keepsBytes).sum();
  }

  private static synchronized List<LloydEngine> all() {
    return List.copyOf(ENGINES.values());
  }
}
