package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** A pass of the {@link CpuEngine}. Fed by one thread, worked on by the engine's threads. */
final class CpuPass implements Pass {
  /** Strips for each thread that may wait before {@link #feed} does. */
  private static final int STRIPS_AHEAD = 4;

  private final CpuEngine engine;
  private final PassPlan plan;
  private final TileKernel kernel;
  private final AssignmentStore store;
  private final Centroids tag;
  private final Centroids previousTag;
  private final SumPool sums;
  private final TileTimes times = new TileTimes();
  private final LongAdder unscreened = new LongAdder();
  private final TileRun tiles;
  private PackedCentroids previousPacked;

  /** Made where a chunk has bounds, by the feeding thread. */
  private CentroidMoves moves;

  // Guarded by this.
  private long rows;
  private long moved;
  private int pendingStrips;
  private int pendingChunks;
  private Throwable failure;
  private long failedChunk;
  private boolean over;
  private volatile boolean stopped;

  CpuPass(CpuEngine engine, PassPlan plan, TileKernel kernel, AssignmentStore store) {
    this.engine = engine;
    this.plan = plan;
    this.kernel = kernel;
    this.store = store;
    // Passes without sums are no iterations: nobody asks what moved since, so they keep nothing.
    this.tag = plan.sums().ofCoordinates() ? store.tag(plan.centroids()) : null;
    this.previousTag = plan.previous() == null ? null : store.tag(plan.previous());
    this.sums = new SumPool(plan, engine.threads(), engine.sumBudget());
    this.tiles =
        new TileRun(
            plan,
            new PackedCentroids(plan.centroids(), kernel),
            previousTag == null ? null : this::previousPacked,
            sums,
            unscreened);
  }

  @Override
  public CompletableFuture<Void> feed(long chunkId, HostRows chunk, RowOutputs outputs) {
    plan.check(chunkId, chunk, outputs);
    KeptRows kept = previousTag == null ? null : store.get(chunkId, previousTag, chunk.rows());
    ChunkWork work = new ChunkWork(this, chunkId, chunk, outputs, kept, movesSince(kept));
    synchronized (this) {
      awaitRoom();
      if (over) {
        throw new IllegalStateException(
            "Chunk " + chunkId + " was fed to a pass that is over (expected before finish)");
      }
      pendingChunks++;
      pendingStrips += work.strips();
    }
    if (work.strips() == 0) {
      stripEnded(work, true, null);
      return work.future;
    }
    if (!engine.submit(work, Math.min(engine.threads(), work.strips()))) {
      synchronized (this) {
        pendingChunks--;
        pendingStrips -= work.strips();
        notifyAll(); // it may have passed the number that others wait for
      }
      throw new IllegalStateException(
          "Chunk " + chunkId + " was fed to a closed CPU engine (expected an open one)");
    }
    return work.future;
  }

  private CentroidMoves movesSince(KeptRows kept) {
    boolean sameClusters = kept != null && kept.centroids().k() == plan.centroids().k();
    if (!sameClusters || !engine.usesBounds()) {
      return null;
    }
    if (moves == null) {
      moves = new CentroidMoves(kept.centroids(), plan.centroids(), kernel);
    }
    return moves;
  }

  private void awaitRoom() {
    try {
      while (pendingStrips > stripsAhead()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while feeding a pass", e);
    }
  }

  private int stripsAhead() {
    return STRIPS_AHEAD * engine.threads();
  }

  boolean stopped() {
    return stopped;
  }

  /** Does one strip of a chunk, on one of the engine's threads. */
  void process(ChunkWork work, int from, int count) throws InterruptedException {
    TileWorker worker = engine.worker(plan.scale().dimension());
    tiles.run(worker, work, from, count);
    times.add(worker.clock());
  }

  private PackedCentroids previousPacked() {
    synchronized (store) {
      if (previousPacked == null) {
        previousPacked = new PackedCentroids(plan.previous(), kernel);
      }
      return previousPacked;
    }
  }

  /** Called after each strip; after the last of a chunk nobody touches its memory. */
  void stripEnded(ChunkWork work, boolean last, Throwable chunkFailure) {
    if (last && chunkFailure == null && tag != null) {
      store.put(work.chunkId, new KeptRows(tag, work.assignments, work.bounds));
    }
    synchronized (this) {
      pendingStrips -= work.strips() == 0 ? 0 : 1;
      // Once for a chunk: waking who feeds after each strip takes a core from those who work.
      if (pendingStrips == stripsAhead()) {
        notifyAll();
      }
      if (last) {
        rows += work.rows.rows();
        moved += work.moved.get();
        if (chunkFailure != null && failure == null) {
          failure = chunkFailure;
          failedChunk = work.chunkId;
        }
      }
    }
    if (last) {
      if (chunkFailure == null) {
        work.future.complete(null);
      } else {
        work.future.completeExceptionally(chunkFailure);
      }
      synchronized (this) {
        pendingChunks--;
        notifyAll();
      }
    }
  }

  @Override
  public synchronized PartialSums finish() {
    if (over) {
      throw new IllegalStateException("The pass is over (expected one finish, before close)");
    }
    over = true;
    try {
      while (pendingChunks > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while finishing a pass", e);
    }
    if (failure != null) {
      throw new IllegalStateException("The pass failed on chunk " + failedChunk, failure);
    }
    PartialSums total = sums.merge();
    if (plan.sums() == Sums.ASSIGNMENTS) {
      total = PartialSums.zeros(plan); // distances are by-products of this engine's search
    }
    total.addRows(rows, moved);
    return total;
  }

  @Override
  public long unscreenedRows() {
    return unscreened.sum();
  }

  @Override
  public StageSeconds stages() {
    return times.seconds();
  }

  @Override
  public synchronized void close() {
    over = true;
    stopped = true;
    boolean interrupted = false;
    while (pendingChunks > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    sums.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
