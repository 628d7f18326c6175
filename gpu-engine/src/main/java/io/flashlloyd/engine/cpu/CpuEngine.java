package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.OddStore;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lloyd iterations on the vector units of a CPU: points are screened against all centroids in
 * float32 with a proved error bound, and what the bound leaves open is decided by the canonical
 * distance, so results have the bits of the reference engine.
 *
 * <p>Needs the module {@code jdk.incubator.vector}. Keeps 8 bytes for each row of each chunk fed to
 * an iteration, until {@link #forget}: its assignment, and a bound on its distance from all other
 * centroids, by which the next iteration of the same chunk rules them out unseen. Thread-safe; runs
 * on its own threads, which {@link #close} ends.
 */
public final class CpuEngine implements LloydEngine {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** Whether iterations use the bounds of those before: {@code use}, or {@code ignore}. */
  static final String BOUNDS_PROPERTY = "flashlloyd.cpu.bounds";

  private static final AtomicInteger ENGINES = new AtomicInteger();

  private final int threads;
  private final String gpuObstacle;
  private final TileKernel kernel;
  private final boolean usesBounds;
  private final ExecutorService executor;
  private final AssignmentStore store = new AssignmentStore();
  private final OddStore odd = new OddStore();
  private final SumBudget sumBudget = SumBudget.ofHeap();
  private final ThreadLocal<TileWorker> workers = new ThreadLocal<>();

  /**
   * @param threads threads to work with, at least 1
   */
  public CpuEngine(int threads) {
    this(threads, null);
  }

  /** The same where no GPU can be had, for a reason that the engine's description repeats. */
  public CpuEngine(int threads, String gpuObstacle) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "CPU engine was asked for " + threads + " threads (expected at least 1)");
    }
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      throw new IllegalStateException(
          "Module %s is not readable (expected in every JVM of the CPU engine: start java with"
                  .formatted(VECTOR_MODULE)
              + " --add-modules "
              + VECTOR_MODULE
              + ")");
    }
    this.threads = threads;
    this.gpuObstacle = gpuObstacle;
    this.kernel = TileShape.choose();
    this.usesBounds = usesBoundsByProperty();
    this.executor = Executors.newFixedThreadPool(threads, threadFactory());
  }

  private static boolean usesBoundsByProperty() {
    String value = System.getProperty(BOUNDS_PROPERTY, "use");
    return switch (value) {
      case "use" -> true;
      case "ignore" -> false;
      default ->
          throw new IllegalArgumentException(
              BOUNDS_PROPERTY + " is \"" + value + "\" (expected use or ignore)");
    };
  }

  boolean usesBounds() {
    return usesBounds;
  }

  private static ThreadFactory threadFactory() {
    int engine = ENGINES.incrementAndGet();
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "cpu-engine-" + engine + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "cpu: %d %s, %d-bit vectors, register tile of %d points x %d centroids%s",
        threads,
        threads == 1 ? "thread" : "threads",
        32 * kernel.lanes(),
        PointTile.QUAD,
        kernel.panelSize(),
        gpuObstacle == null ? "" : " (auto: " + gpuObstacle + ")");
  }

  SumBudget sumBudget() {
    return sumBudget;
  }

  int threads() {
    return threads;
  }

  @Override
  public Pass begin(PassPlan plan) {
    return odd.watch(new CpuPass(this, plan, kernel, store), plan);
  }

  /** Has {@code runners} threads run the work; false where the engine is closed. */
  boolean submit(ChunkWork work, int runners) {
    int accepted = 0;
    try {
      while (accepted < runners) {
        executor.execute(work);
        accepted++;
      }
    } catch (RejectedExecutionException e) {
      // Closed meanwhile. One runner does all tiles, and those accepted still run.
      return accepted > 0;
    }
    return true;
  }

  /** The scratch memory of the calling thread, one of the engine's. */
  TileWorker worker(int dimension) {
    TileWorker worker = workers.get();
    if (worker == null || worker.dimension() != dimension) {
      worker = new TileWorker(kernel, dimension);
      workers.set(worker);
    }
    return worker;
  }

  @Override
  public void forget(long chunkId) {
    store.forget(chunkId);
    odd.forget(chunkId);
  }

  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
        // Who waits for their chunks would wait for ever.
        executor.shutdownNow().forEach(work -> ((ChunkWork) work).drop());
      }
    }
    store.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
