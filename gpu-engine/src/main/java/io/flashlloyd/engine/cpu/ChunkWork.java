package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.RowOutputs;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * One chunk on its way through a pass. Threads that {@link #run} it take strip after strip until
 * none is left; the last to end completes the future, so nobody touches the rows after that.
 */
final class ChunkWork implements Runnable {
  /** Tiles in a strip whose open rows are collected, so that they come in full tiles. */
  private static final int BOUNDED_TILES = 8;

  final long chunkId;
  final HostRows rows;
  final RowOutputs outputs;
  final int[] assignments;

  final float[] bounds;

  /** What is known about the previous centroids, or null where nothing is kept. */
  final KeptRows kept;

  /** What carries the bounds kept to the new centroids, or null where they are not used. */
  final CentroidMoves moves;

  final CompletableFuture<Void> future = new CompletableFuture<>();
  final AtomicLong moved = new AtomicLong();

  private final CpuPass pass;
  private final int stripRows;
  private final int strips;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;
  private volatile Throwable failure;

  ChunkWork(
      CpuPass pass,
      long chunkId,
      HostRows rows,
      RowOutputs outputs,
      KeptRows kept,
      CentroidMoves moves) {
    this.pass = pass;
    this.chunkId = chunkId;
    this.rows = rows;
    this.outputs = outputs;
    this.kept = kept;
    this.moves = moves;
    this.assignments = new int[rows.rows()];
    this.bounds = new float[rows.rows()];
    int tiles = moves == null ? 1 : BOUNDED_TILES;
    this.stripRows = tiles * TileWorker.tileRows(rows.dimension());
    this.strips = (int) (((long) rows.rows() + stripRows - 1) / stripRows);
    this.left = new AtomicInteger(strips);
  }

  int strips() {
    return strips;
  }

  @Override
  public void run() {
    forEachStrip(this::runStrip);
  }

  /** Ends the strips that no thread has begun, undone: the engine was closed. */
  void drop() {
    forEachStrip(strip -> failure = dropped("the engine was closed"));
  }

  private void forEachStrip(IntConsumer work) {
    for (int strip = next.getAndIncrement(); strip < strips; strip = next.getAndIncrement()) {
      try {
        work.accept(strip);
      } finally {
        boolean last = left.decrementAndGet() == 0;
        pass.stripEnded(this, last, failure);
      }
    }
  }

  private CancellationException dropped(String reason) {
    return new CancellationException("Chunk " + chunkId + " was dropped: " + reason);
  }

  private void runStrip(int strip) {
    if (pass.stopped()) {
      failure = dropped("the pass has ended");
      return;
    }
    try {
      int from = strip * stripRows;
      pass.process(this, from, Math.min(stripRows, rows.rows() - from));
    } catch (RuntimeException | Error e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    }
  }
}
