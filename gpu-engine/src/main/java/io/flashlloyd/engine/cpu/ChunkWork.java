package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.RowOutputs;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One chunk on its way through a pass. Threads that {@link #run} it take tile after tile until none
 * is left; the last tile to end completes the future, so nobody touches the rows after that.
 */
final class ChunkWork implements Runnable {
  final long chunkId;
  final HostRows rows;
  final RowOutputs outputs;
  final int[] assignments;

  /** The assignments to the previous centroids, or null where they are not kept. */
  final int[] previous;

  final CompletableFuture<Void> future = new CompletableFuture<>();
  final AtomicLong moved = new AtomicLong();

  private final CpuPass pass;
  private final int tileRows;
  private final int tiles;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;
  private volatile Throwable failure;

  ChunkWork(CpuPass pass, long chunkId, HostRows rows, RowOutputs outputs, int[] previous) {
    this.pass = pass;
    this.chunkId = chunkId;
    this.rows = rows;
    this.outputs = outputs;
    this.previous = previous;
    this.assignments = new int[rows.rows()];
    this.tileRows = TileWorker.tileRows(rows.dimension());
    this.tiles = (int) (((long) rows.rows() + tileRows - 1) / tileRows);
    this.left = new AtomicInteger(tiles);
  }

  int tiles() {
    return tiles;
  }

  @Override
  public void run() {
    for (int tile = next.getAndIncrement(); tile < tiles; tile = next.getAndIncrement()) {
      try {
        runTile(tile);
      } finally {
        boolean last = left.decrementAndGet() == 0;
        pass.tileEnded(this, last, failure);
      }
    }
  }

  private void runTile(int tile) {
    if (pass.stopped()) {
      failure = new CancellationException("Chunk " + chunkId + " was dropped: the pass has ended");
      return;
    }
    try {
      int from = tile * tileRows;
      pass.process(this, from, Math.min(tileRows, rows.rows() - from));
    } catch (RuntimeException | Error e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    }
  }
}
