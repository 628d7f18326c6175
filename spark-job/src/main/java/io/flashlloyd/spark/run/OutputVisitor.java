package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.StoredChunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Hands chunks' results to a sink while the engine is at later chunks: splits side by side, on as
 * many threads as there are cores, the chunks of one split in their order. Used by the task's
 * thread; {@link #finish} waits for all, {@link #close} only for what has begun.
 */
final class OutputVisitor implements ChunkVisitor, AutoCloseable {
  /** Rows whose results may wait to be written: 12 bytes each. One chunk is always let in. */
  private static final int MOST_ROWS = 1 << 22;

  private static final int MOST_THREADS = 16;

  /** An action of the sink. */
  private interface Step {
    void run() throws IOException;
  }

  private final Pass pass;
  private final RowSink sink;
  private final ExecutorService writers =
      Executors.newFixedThreadPool(
          Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
          OutputVisitor::thread);
  private final Semaphore room = new Semaphore(MOST_ROWS);
  private final ArrayDeque<CompletableFuture<Void>> unfinished = new ArrayDeque<>();
  private RowSink.Split split;
  private CompletableFuture<Void> written;
  private volatile boolean closed;

  OutputVisitor(Pass pass, RowSink sink) {
    this.pass = pass;
    this.sink = sink;
  }

  private static Thread thread(Runnable writer) {
    Thread thread = new Thread(writer, "flashlloyd-output");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void beginSplit(int number) throws IOException {
    while (!unfinished.isEmpty() && unfinished.peek().isDone()) {
      await(unfinished.remove()); // fails early where one has failed
    }
    split = sink.open(number);
    written = CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> visit(StoredChunk chunk) throws IOException {
    int rows = chunk.rows().rows();
    takeRoom(rows);
    RowOutputs outputs = RowOutputs.allocate(rows);
    CompletableFuture<Void> done = pass.feed(chunk.id(), chunk.rows(), outputs);
    writeAfter(done, outputs, rows);
    return done;
  }

  @Override
  public Optional<CompletableFuture<Void>> visitResident(long chunkId, int rows)
      throws IOException {
    takeRoom(rows);
    RowOutputs outputs = RowOutputs.allocate(rows);
    Optional<CompletableFuture<Void>> done = pass.feedResident(chunkId, outputs);
    if (done.isPresent()) {
      writeAfter(done.get(), outputs, rows);
    } else {
      room.release(price(rows));
    }
    return done;
  }

  @Override
  public Set<Long> residentAmong(Collection<Long> chunkIds) {
    return pass.residentAmong(chunkIds);
  }

  @Override
  public void endSplit(int number) {
    RowSink.Split ended = split;
    unfinished.add(written.thenRunAsync(step(ended::commit), writers));
  }

  private void writeAfter(CompletableFuture<Void> done, RowOutputs outputs, int rows) {
    RowSink.Split to = split;
    written =
        written
            .thenCombine(done, (before, found) -> null)
            .thenRunAsync(step(() -> to.write(outputs, rows)), writers)
            .whenComplete((end, failure) -> room.release(price(rows)));
  }

  private Runnable step(Step step) {
    return () -> {
      if (!closed) {
        try {
          step.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e.getMessage(), e);
        }
      }
    };
  }

  /** What a chunk takes of the room: with half of it at most, the next one can be found. */
  private static int price(int rows) {
    return Math.min(rows, MOST_ROWS / 2);
  }

  private void takeRoom(int rows) throws IOException {
    try {
      room.acquire(price(rows));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while results were written");
    }
  }

  /**
   * Waits until all splits are written.
   *
   * @throws IOException as the sink threw it
   */
  void finish() throws IOException {
    while (!unfinished.isEmpty()) {
      await(unfinished.remove());
    }
  }

  private static void await(CompletableFuture<Void> writing) throws IOException {
    try {
      writing.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw io.getCause();
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Begins nothing more and returns when nobody uses the sink. */
  @Override
  public void close() {
    closed = true;
    writers.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (writers.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true; // a file that is being written cannot be taken away
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
