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
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** A pass on the device. Owns its centroids and totals there until it is closed or finished. */
final class CudaPass implements Pass {
  /** Costs of so many rows, in pieces of 32 bits, fit a word of 64 (CostPieces of exact.cuh). */
  private static final long MOST_MEASURED = 1L << 31;

  private final CudaEngine engine;
  private final PassPlan plan;
  private final long number;
  private final Map<ElementType, DeviceCentroids> centroids = new EnumMap<>(ElementType.class);
  private final Map<ElementType, DeviceCentroids> previous = new EnumMap<>(ElementType.class);
  private final Map<ElementType, DeviceMoves> moves = new EnumMap<>(ElementType.class);
  private final List<CompletableFuture<Void>> futures = new ArrayList<>();
  private final List<CompletableFuture<PartialSums>> gathered = new ArrayList<>();
  private final Map<String, Double> host = new LinkedHashMap<>();
  private DeviceTotals totals; // null where all rows ran together with those of other passes
  private CompletableFuture<PartialSums> zeros;
  private DeviceTotals previousTotals;
  private Centroids compared;
  private boolean same;
  private long rowsFed;
  private long unscreenedRows;
  private Boolean tries; // whether to use bounds; null before that was asked
  private StageSeconds stages = StageSeconds.NONE; // guarded by futures
  private boolean open = true;

  CudaPass(CudaEngine engine, PassPlan plan, long number) {
    this.engine = engine;
    this.plan = plan;
    this.number = number;
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
    CompletableFuture<Void> future;
    if (engine.gathers(plan, rows)) {
      BatchMember member = new BatchMember(this, chunkId, rows, outputs);
      future = gather(member);
      engine.gathering().add(List.of(member));
    } else {
      future = feedAlone(chunkId, rows, outputs);
      futures.add(future);
    }
    return future;
  }

  /** Takes in a chunk's sums from who runs it with others. */
  CompletableFuture<Void> gather(BatchMember member) {
    gathered.add(member.done);
    CompletableFuture<Void> future = member.done.thenApply(sums -> null);
    futures.add(future);
    return future;
  }

  /** Queues a chunk by itself. Called on any thread. */
  CompletableFuture<Void> feedAlone(long chunkId, HostRows rows, RowOutputs outputs) {
    try {
      return engine
          .room()
          .feed(
              () -> {
                synchronized (engine) {
                  engine.work().context().makeCurrent();
                  rowsFed += rows.rows();
                  return Optional.of(
                      engine.completions().complete(engine.queue(this, chunkId, rows, outputs)));
                }
              })
          .orElseThrow();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A resident chunk runs by itself: it is seldom a small one. */
  @Override
  public Optional<CompletableFuture<Void>> feedResident(long chunkId, RowOutputs outputs) {
    if (!open) {
      throw new IllegalStateException("Chunk " + chunkId + " fed to a pass that has ended");
    }
    if (residentAmong(List.of(chunkId)).isEmpty()) {
      return Optional.empty(); // without waiting for room
    }
    Optional<CompletableFuture<Void>> fed =
        engine
            .room()
            .feed(
                () -> {
                  synchronized (engine) {
                    return queueResident(chunkId, outputs);
                  }
                });
    fed.ifPresent(futures::add);
    return fed;
  }

  private Optional<CompletableFuture<Void>> queueResident(long chunkId, RowOutputs outputs) {
    engine.work().context().makeCurrent();
    DeviceChunk chunk = engine.store().findResident(chunkId);
    if (chunk == null) {
      return Optional.empty();
    }
    plan.check(chunkId, chunk.dimension, chunk.count, outputs);
    rowsFed += chunk.count;
    return Optional.of(engine.completions().complete(engine.queue(this, chunk, null, outputs)));
  }

  @Override
  public Set<Long> residentAmong(Collection<Long> chunkIds) {
    synchronized (engine) {
      return chunkIds.stream().filter(engine.store()::isResident).collect(Collectors.toSet());
    }
  }

  PassPlan plan() {
    return plan;
  }

  long number() {
    return number;
  }

  DeviceTotals totals() {
    if (totals == null) {
      totals = new DeviceTotals(plan, engine.work());
      // Memory and its zeros take as long as a small pass: while the device works.
      zeros = CompletableFuture.supplyAsync(() -> PartialSums.zeros(plan));
    }
    return totals;
  }

  /** The centroids in the frame for rows of this type, prepared at their first use. */
  DeviceCentroids centroids(ElementType type) {
    return centroids.computeIfAbsent(
        type, t -> prepare(t, plan.centroids(), engine.frame(t, plan.centroids(), plan.scale())));
  }

  /** In the frame of {@link #centroids}, where the rows are: another pass may have a new one. */
  DeviceCentroids previousCentroids(ElementType type) {
    return previous.computeIfAbsent(type, t -> prepare(t, plan.previous(), centroids(t).frame()));
  }

  private DeviceCentroids prepare(ElementType type, Centroids values, ScreenFrame frame) {
    long start = System.nanoTime();
    DeviceCentroids prepared =
        new DeviceCentroids(values, frame, engine.rowNorms(type), engine.work());
    host("centroids", System.nanoTime() - start);
    return prepared;
  }

  /**
   * How far the centroids moved since the previous ones, where such rows may be left out of the
   * screen; else null.
   *
   * @param before the previous centroids, the object that the engine knows best
   */
  DeviceMoves moves(RowSlice rows, Centroids before) {
    BoundsStage bounds = engine.pipeline().bounds();
    DeviceCentroids now = centroids(rows.type());
    boolean used =
        before.k() == now.k()
            && plan.sums() != Sums.ASSIGNMENTS
            && rowsFed <= MOST_MEASURED
            && bounds.pays(rows, now.k(), now.dimension(), plan.sums() != Sums.ALL);
    if (used && tries == null) {
      tries = bounds.tries();
    }
    return used && tries
        ? moves.computeIfAbsent(
            rows.type(), t -> engine.recent().movesTo(now, before, engine.rowNorms(t)))
        : null;
  }

  /** Where the totals of previous assignments go, which nobody reads. */
  DeviceTotals previousTotals() {
    if (previousTotals == null) {
      previousTotals =
          new DeviceTotals(PassPlan.onlyAssign(plan.previous(), plan.scale()), engine.work());
    }
    return previousTotals;
  }

  /** Takes what a chunk's stages took, and frees its events. Called on any thread. */
  void addStages(StageTimes times) {
    try (times) {
      addStages(times.seconds());
    }
  }

  void addStages(StageSeconds seconds) {
    synchronized (futures) {
      stages = stages.plus(seconds);
    }
  }

  @Override
  public StageSeconds stages() {
    synchronized (futures) {
      return stages;
    }
  }

  @Override
  public long unscreenedRows() {
    return unscreenedRows;
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
    try {
      PartialSums sums = null;
      for (CompletableFuture<PartialSums> part : gathered) {
        sums = merge(sums, await(part));
      }
      if (totals != null) {
        return merge(sums, finishAlone());
      }
      futures.forEach(CudaPass::await);
      return sums == null ? PartialSums.zeros(plan) : sums;
    } finally {
      close();
    }
  }

  /** Both together; either may be null, of a chunk that ran alone or before any other. */
  private static PartialSums merge(PartialSums a, PartialSums b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.merge(b);
  }

  private PartialSums finishAlone() {
    DeviceWork work = engine.work();
    work.context().makeCurrent(); // another thread may have fed all there was
    try (DeviceEvent end = new DeviceEvent()) {
      synchronized (engine) {
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
        unscreenedRows = totals.read(sums, rowsFed, work);
        if (!moves.isEmpty()) {
          engine.pipeline().bounds().learn(unscreenedRows > 0);
        }
      }
      host("read totals", System.nanoTime() - ready);
      return sums;
    }
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
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
    engine.passEnded();
    if (totals == null && centroids.isEmpty()) {
      return; // nothing on the device
    }
    synchronized (engine) {
      if (plan.sums().ofCoordinates() && !centroids.isEmpty()) {
        engine.recent().remember(plan.centroids(), centroids.values().iterator().next());
      }
      moves.values().forEach(DeviceMoves::close);
      centroids.values().forEach(DeviceCentroids::close);
      previous.values().forEach(DeviceCentroids::close);
      for (DeviceTotals own : new DeviceTotals[] {totals, previousTotals}) {
        if (own != null) {
          own.close();
        }
      }
    }
  }
}
