package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.RowOutputs;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * One thread that waits for the device: it brings row outputs back on a stream of its own and
 * completes futures, chunk after chunk, while the next chunks are queued.
 */
final class Completions implements AutoCloseable {
  private static final int PIECES = 2;
  private static final int PIECE_BYTES = 8 << 20;

  /** A chunk whose kernels are queued. */
  final class Pending {
    private final DeviceEvent done = new DeviceEvent();
    private final int rows;
    private final RowOutputs outputs;
    private final DeviceBuffer assignments;
    private final DeviceBuffer distances;
    private final Runnable ended;

    private Pending(
        int rows,
        RowOutputs outputs,
        DeviceBuffer assignments,
        DeviceBuffer distances,
        Runnable ended) {
      this.rows = rows;
      this.outputs = outputs;
      this.assignments = assignments;
      this.distances = distances;
      this.ended = ended;
    }

    private void finish() {
      try {
        context.makeCurrent();
        done.synchronize();
        if (outputs != null) {
          ring().copyOut(assignments, 0, 4L * rows, this::takeAssignments, copyOut);
          if (distances != null) {
            ring().copyOut(distances, 0, 8L * rows, this::takeDistances, copyOut);
          }
        }
      } finally {
        done.close();
        ended.run();
        if (outputs != null) {
          assignments.close();
          if (distances != null) {
            distances.close();
          }
        }
      }
    }

    private void takeAssignments(ByteBuffer piece, long offset) {
      int count = piece.remaining() / 4;
      outputs.assignments().put((int) (offset / 4), piece.asIntBuffer(), 0, count);
    }

    private void takeDistances(ByteBuffer piece, long offset) {
      int count = piece.remaining() / 8;
      outputs.distances().put((int) (offset / 8), piece.asDoubleBuffer(), 0, count);
    }
  }

  private final DeviceContext context;
  private final DeviceStream copyOut;
  private final ExecutorService thread;
  private StagingRing ring;

  Completions(DeviceContext context) {
    this.context = context;
    this.copyOut = new DeviceStream("copy out");
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread t = new Thread(task, "flashlloyd-gpu-completions");
              t.setDaemon(true);
              return t;
            });
  }

  Pending pending(
      DeviceStream stream,
      int rows,
      RowOutputs outputs,
      DeviceBuffer assignments,
      DeviceBuffer distances,
      Runnable ended) {
    Pending pending = new Pending(rows, outputs, assignments, distances, ended);
    pending.done.record(stream);
    return pending;
  }

  /** Completes when the outputs are written. */
  CompletableFuture<Void> complete(Pending pending) {
    return CompletableFuture.runAsync(pending::finish, thread);
  }

  /**
   * Brings a buffer to host memory once the stream has made it, and frees it.
   *
   * @param made from the bytes, which are in host memory
   */
  <T> CompletableFuture<T> bring(
      DeviceBuffer buffer, StagingRing.Sink sink, Supplier<T> made, DeviceStream stream) {
    DeviceEvent done = new DeviceEvent().record(stream);
    return CompletableFuture.supplyAsync(
        () -> {
          try (buffer;
              done) {
            context.makeCurrent();
            done.synchronize();
            ring().copyOut(buffer, 0, buffer.bytes(), sink, copyOut);
          }
          return made.get();
        },
        thread);
  }

  private StagingRing ring() {
    if (ring == null) {
      ring = new StagingRing(PIECES, PIECE_BYTES, copyOut);
    }
    return ring;
  }

  @Override
  public void close() {
    thread.execute(
        () -> {
          context.makeCurrent();
          if (ring != null) {
            ring.close();
          }
          copyOut.close();
        });
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
