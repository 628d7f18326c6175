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

/** A pass of the {@link CpuEngine}. Fed by one thread, worked on by the engine's threads. */
final class CpuPass implements Pass {
  /** Tiles for each thread that may wait before {@link #feed} does. */
  private static final int TILES_AHEAD = 4;

  private final CpuEngine engine;
  private final PassPlan plan;
  private final TileKernel kernel;
  private final AssignmentStore store;
  private final Centroids tag;
  private final Centroids previousTag;
  private final PackedCentroids packed;
  private final SumPool sums;
  private final TileTimes times = new TileTimes();
  private PackedCentroids previousPacked;

  // Guarded by this.
  private long rows;
  private long moved;
  private int pendingTiles;
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
    this.tag = plan.sums() == Sums.NONE ? null : store.tag(plan.centroids());
    this.previousTag = plan.previous() == null ? null : store.tag(plan.previous());
    this.packed = new PackedCentroids(plan.centroids(), kernel);
    this.sums = new SumPool(plan, engine.threads(), engine.sumBudget());
  }

  @Override
  public CompletableFuture<Void> feed(long chunkId, HostRows chunk, RowOutputs outputs) {
    plan.check(chunkId, chunk, outputs);
    int[] previous = previousTag == null ? null : store.get(chunkId, previousTag, chunk.rows());
    ChunkWork work = new ChunkWork(this, chunkId, chunk, outputs, previous);
    synchronized (this) {
      awaitRoom();
      if (over) {
        throw new IllegalStateException(
            "Chunk " + chunkId + " was fed to a pass that is over (expected before finish)");
      }
      pendingChunks++;
      pendingTiles += work.tiles();
    }
    if (work.tiles() == 0) {
      tileEnded(work, true, null);
      return work.future;
    }
    if (!engine.submit(work, Math.min(engine.threads(), work.tiles()))) {
      synchronized (this) {
        pendingChunks--;
        pendingTiles -= work.tiles();
      }
      throw new IllegalStateException(
          "Chunk " + chunkId + " was fed to a closed CPU engine (expected an open one)");
    }
    return work.future;
  }

  private void awaitRoom() {
    try {
      while (pendingTiles > TILES_AHEAD * engine.threads()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while feeding a pass", e);
    }
  }

  boolean stopped() {
    return stopped;
  }

  /** Does one tile of a chunk, on one of the engine's threads. */
  void process(ChunkWork work, int from, int count) throws InterruptedException {
    TileWorker worker = engine.worker(plan.scale().dimension());
    worker.clock().start();
    worker.load(work.rows, from, count);
    worker.assign(packed, work.assignments, from);
    recall(worker, work, from);
    RowSums accumulator = sums.take();
    try {
      work.moved.addAndGet(worker.settle(work, from, plan, accumulator));
    } finally {
      sums.give(accumulator);
    }
    worker.clock().summed();
    times.add(worker.clock());
  }

  private void recall(TileWorker worker, ChunkWork work, int from) {
    if (previousTag == null) {
      worker.recallNothing();
    } else if (work.previous == null) {
      worker.recallFrom(previousPacked());
    } else {
      worker.recall(work.previous, from);
    }
  }

  private PackedCentroids previousPacked() {
    synchronized (store) {
      if (previousPacked == null) {
        previousPacked = new PackedCentroids(plan.previous(), kernel);
      }
      return previousPacked;
    }
  }

  /** Called after each tile; after the last of a chunk nobody touches its memory. */
  void tileEnded(ChunkWork work, boolean last, Throwable chunkFailure) {
    if (last && chunkFailure == null && tag != null) {
      store.put(work.chunkId, tag, work.assignments);
    }
    synchronized (this) {
      pendingTiles -= work.tiles() == 0 ? 0 : 1;
      if (last) {
        rows += work.rows.rows();
        moved += work.moved.get();
        if (chunkFailure != null && failure == null) {
          failure = chunkFailure;
          failedChunk = work.chunkId;
        }
      }
      notifyAll();
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
    total.addRows(rows, moved);
    return total;
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
