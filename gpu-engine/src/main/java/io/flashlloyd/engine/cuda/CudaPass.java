package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;
import java.util.ArrayList;
import java.util.EnumMap;
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
  private DeviceTotals previousTotals;
  private long rowsFed;
  private StageSeconds stages = StageSeconds.NONE; // guarded by futures
  private boolean open = true;

  CudaPass(CudaEngine engine, PassPlan plan, long number) {
    this.engine = engine;
    this.plan = plan;
    this.number = number;
    this.totals = new DeviceTotals(plan, engine.work());
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
    ScreenFrame frame = engine.frame(type, plan.centroids(), plan.scale());
    return new DeviceCentroids(values, frame, engine.rowNorms(type), engine.work());
  }

  /** Where the totals of previous assignments go; their sums are read for those of moved rows. */
  DeviceTotals previousTotals() {
    if (previousTotals == null) {
      PassPlan before =
          plan.sums() == Sums.MOVED
              ? PassPlan.lloyd(plan.previous(), null, plan.scale())
              : PassPlan.assign(plan.previous(), plan.scale());
      previousTotals = new DeviceTotals(before, engine.work());
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

  @Override
  public PartialSums finish() {
    try {
      for (CompletableFuture<Void> future : futures) {
        await(future);
      }
      synchronized (engine) {
        engine.work().context().makeCurrent();
        PartialSums sums = totals.read(rowsFed, engine.work());
        if (plan.sums() == Sums.MOVED) {
          subtract(previousTotals().read(rowsFed, engine.work()), sums);
        }
        return sums;
      }
    } finally {
      close();
    }
  }

  private static void subtract(PartialSums before, PartialSums sums) {
    for (int i = 0; i < sums.low().length; i++) {
      if (sums.high() != null) {
        int borrow = Long.compareUnsigned(sums.low()[i], before.low()[i]) < 0 ? 1 : 0;
        sums.high()[i] -= before.high()[i] + borrow;
      }
      sums.low()[i] -= before.low()[i];
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
      engine.work().context().makeCurrent();
      engine.work().stream().synchronize();
      centroids.values().forEach(DeviceCentroids::close);
      previous.values().forEach(DeviceCentroids::close);
      totals.close();
      if (previousTotals != null) {
        previousTotals.close();
      }
    }
  }
}
