package io.flashlloyd.spark.store;

import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Chunks that a visitor has not finished with. Used by one thread. */
public final class InFlight {
  private record Visit(CompletableFuture<Void> done, VectorChunk close) {}

  private final ArrayDeque<Visit> visits = new ArrayDeque<>();
  private int streamed;

  public void add(CompletableFuture<Void> done) {
    visits.add(new Visit(done, null));
  }

  /** The chunk is closed as soon as its visit is seen to be over. */
  void addAndClose(CompletableFuture<Void> done, VectorChunk chunk) {
    visits.add(new Visit(done, chunk));
    streamed++;
  }

  /** Waits for all visits. */
  public void await() throws IOException {
    while (!visits.isEmpty()) {
      awaitOldest();
    }
  }

  /** Waits until no more than {@code count} chunks are left that will be closed. */
  void awaitAllButStreamed(int count) throws IOException {
    while (streamed > count) {
      awaitOldest();
    }
  }

  private void awaitOldest() throws IOException {
    Visit oldest = visits.peek();
    try {
      oldest.done().join();
    } catch (CompletionException e) {
      throw new IOException("The engine failed on a chunk: " + e.getCause().getMessage(), e);
    }
    visits.remove();
    close(oldest);
  }

  private void close(Visit visit) {
    if (visit.close() != null) {
      visit.close().close();
      streamed--;
    }
  }

  /** Waits for what is left, whatever became of it, so that memory can be freed. Throws nothing. */
  public void settle() {
    for (Visit visit : visits) {
      // A failure here is a second one: the first is on its way to the caller already.
      visit.done().exceptionally(failure -> null).join();
      close(visit);
    }
    visits.clear();
  }
}
