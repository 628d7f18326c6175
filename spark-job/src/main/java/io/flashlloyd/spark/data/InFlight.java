package io.flashlloyd.spark.data;

import io.flashlloyd.io.VectorChunk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Chunks that a visitor has not finished with. Used by one thread. */
final class InFlight {
  private record Visit(CompletableFuture<Void> done, VectorChunk close) {}

  private final ArrayDeque<Visit> visits = new ArrayDeque<>();

  void add(CompletableFuture<Void> done) {
    visits.add(new Visit(done, null));
  }

  /** The chunk is closed as soon as its visit is seen to be over. */
  void addAndClose(CompletableFuture<Void> done, VectorChunk chunk) {
    visits.add(new Visit(done, chunk));
  }

  void await() throws IOException {
    awaitAllBut(0);
  }

  void awaitAllBut(int count) throws IOException {
    while (visits.size() > count) {
      Visit oldest = visits.peek();
      try {
        oldest.done().join();
      } catch (CompletionException e) {
        throw new IOException("The engine failed on a chunk: " + e.getCause().getMessage(), e);
      }
      visits.remove();
      if (oldest.close() != null) {
        oldest.close().close();
      }
    }
  }

  /** Waits for what is left, whatever became of it, so that memory can be freed. Throws nothing. */
  void settle() {
    for (Visit visit : visits) {
      // A failure here is a second one: the first is on its way to the caller already.
      visit.done().exceptionally(failure -> null).join();
      if (visit.close() != null) {
        visit.close().close();
      }
    }
    visits.clear();
  }
}
