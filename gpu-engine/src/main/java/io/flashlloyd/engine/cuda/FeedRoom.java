package io.flashlloyd.engine.cuda;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** How many chunks may be on their way through the device at a time. Thread-safe. */
final class FeedRoom {
  private final Semaphore room;

  FeedRoom(int chunks) {
    room = new Semaphore(chunks);
  }

  /**
   * Waits for room and queues a chunk, whose room comes back before the future that is returned
   * completes, or at once where nothing was queued, whatever was thrown.
   *
   * @param queue gives the end of what it has queued, or nothing
   */
  <T> Optional<CompletableFuture<T>> feed(Supplier<Optional<CompletableFuture<T>>> queue) {
    room.acquireUninterruptibly();
    Optional<CompletableFuture<T>> queued = Optional.empty();
    try {
      queued = queue.get();
    } finally {
      if (queued.isEmpty()) {
        room.release();
      }
    }
    return queued.map(end -> end.whenComplete((result, failure) -> room.release()));
  }
}
