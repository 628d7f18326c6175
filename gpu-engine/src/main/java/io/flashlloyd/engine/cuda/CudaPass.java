package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A pass on the device. Owns its centroids and totals there until it is closed or finished. */
final class CudaPass implements Pass {
  private final CudaEngine engine;
  private final PassPlan plan;
  private final long number;
  private final DeviceTotals totals;
  private final Map<ElementType, DeviceCentroids> centroids = new EnumMap<>(ElementType.class);
  private final Map<ElementType, DeviceCentroids> previous = new EnumMap<>(ElementType.class);
  private final List<CompletableFuture<Void>> futures = new ArrayList<>();
  private final CompletableFuture<PartialSums> zeros;
  private final Map<String, Double> host = new LinkedHashMap<>();
  private DeviceTotals previousTotals;
  private Centroids compared;
  private boolean same;
  private long rowsFed;
  private StageSeconds stages = StageSeconds.NONE; // guarded by futures
  private boolean open = true;

  CudaPass(CudaEngine engine, PassPlan plan, long number) {
    this.engine = engine;
    this.plan = plan;
    this.number = number;
    this.totals = new DeviceTotals(plan, engine.work());
    // Memory and its zeros take as long as a small pass: while the device works.
    this.zeros = CompletableFuture.supplyAsync(() -> PartialSums.zeros(plan));
  }

  @Override
  public CompletableFuture<Void> feed(long chunkId, HostRows rows, RowOutputs outputs) {
    plan.check(chunkId, rows, outputs);
    if (!open) {
      throw new IllegalStateException("Chunk " + chunkId + " fed to a pass that has ended");
    }
    if (rows.rows() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    engine.completions().acquire();
    CompletableFuture<Void> future;
    try {
      synchronized (engine) {
        engine.work().context().makeCurrent();
        future = engine.completions().complete(engine.queue(this, chunkId, rows, outputs));
      }
    } catch (RuntimeException e) {
      engine.completions().release();
      future = CompletableFuture.failedFuture(e);
    }
    rowsFed += rows.rows();
    futures.add(future);
    return future;
  }

  PassPlan plan() {
    return plan;
  }

  long number() {
    return number;
  }

  DeviceTotals totals() {
    return totals;
  }

  /** The centroids in the frame for rows of this type, prepared at their first use. */
  DeviceCentroids centroids(ElementType type) {
    return centroids.computeIfAbsent(type, t -> prepare(t, plan.centroids()));
  }

  DeviceCentroids previousCentroids(ElementType type) {
    return previous.computeIfAbsent(type, t -> prepare(t, plan.previous()));
  }

  private DeviceCentroids prepare(ElementType type, Centroids values) {
    long start = System.nanoTime();
    ScreenFrame frame = engine.frame(type, plan.centroids(), plan.scale());
    DeviceCentroids prepared =
        new DeviceCentroids(values, frame, engine.rowNorms(type), engine.work());
    host("centroids", System.nanoTime() - start);
    return prepared;
  }

  /** Where the totals of previous assignments go, which nobody reads. */
  DeviceTotals previousTotals() {
    if (previousTotals == null) {
      previousTotals =
          new DeviceTotals(PassPlan.assign(plan.previous(), plan.scale()), engine.work());
    }
    return previousTotals;
  }

  /** Takes what a chunk's stages took, and frees its events. Called on any thread. */
  void addStages(StageTimes times) {
    try (times) {
      StageSeconds seconds = times.seconds();
      synchronized (futures) {
        stages = stages.plus(seconds);
      }
    }
  }

  @Override
  public StageSeconds stages() {
    synchronized (futures) {
      return stages;
    }
  }

  /** Milliseconds of the thread that uses the pass, by what it did. */
  Map<String, Double> hostMillis() {
    return host;
  }

  private void host(String what, long nanos) {
    host.merge(what, nanos / 1e6, Double::sum);
  }

  /** Whether a chunk's stored assignments, made against these centroids, are the previous ones. */
  boolean isPrevious(Centroids assignedTo) {
    if (assignedTo != compared) {
      compared = assignedTo;
      same = plan.previous().equals(assignedTo);
    }
    return same;
  }

  @Override
  public PartialSums finish() {
    DeviceWork work = engine.work();
    try (DeviceEvent end = new DeviceEvent()) {
      synchronized (engine) {
        work.context().makeCurrent();
        totals.conclude(work);
        end.record(work.stream());
      }
      long start = System.nanoTime();
      end.synchronize();
      for (CompletableFuture<Void> future : futures) {
        await(future);
      }
      long arrived = System.nanoTime();
      host("wait", arrived - start);
      PartialSums sums = zeros.join();
      long ready = System.nanoTime();
      host("wait for memory", ready - arrived);
      synchronized (engine) {
        totals.read(sums, rowsFed, work);
      }
      host("read totals", System.nanoTime() - ready);
      return sums;
    } finally {
      close();
    }
  }

  private static void await(CompletableFuture<Void> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof CudaException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    for (CompletableFuture<Void> future : futures) {
      // Failures were given to whoever waited; here only the device must have let go.
      future.handle((nothing, failure) -> failure).join();
    }
    synchronized (engine) {
      centroids.values().forEach(DeviceCentroids::close);
      previous.values().forEach(DeviceCentroids::close);
      totals.close();
      if (previousTotals != null) {
        previousTotals.close();
      }
    }
  }
}
