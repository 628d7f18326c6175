package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The room that feeds of the GPU engine take and give back; needs no GPU. */
@Timeout(2 * FeedRoomTest.PATIENCE)
class FeedRoomTest {
  private static final int CHUNKS = 4;

  /** Seconds in which a busy machine does what takes none. */
  static final int PATIENCE = 60;

  private final FeedRoom room = new FeedRoom(CHUNKS);
  private final Deque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();

  @Test
  void shouldGiveRoomBackHoweverAFeedEnds() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int feed = 0; feed < 500; feed++) {
      if (inFlight.size() == CHUNKS) {
        end(random.nextBoolean());
      }
      feed(random.nextInt(4));
      assertRoom(CHUNKS - inFlight.size(), "seed %d, feed %d".formatted(seed, feed));
    }
  }

  private void feed(int kind) {
    switch (kind) {
      case 0 ->
          assertThatThrownBy(
                  () ->
                      room.feed(
                          () -> {
                            throw new CudaException("launch", "CUDA_ERROR_ILLEGAL_ADDRESS", "");
                          }))
              .isInstanceOf(CudaException.class);
      case 1 ->
          assertThatThrownBy(
                  () ->
                      room.feed(
                          () -> {
                            throw new OutOfMemoryError("of direct memory");
                          }))
              .isInstanceOf(OutOfMemoryError.class);
      case 2 -> assertThat(room.feed(Optional::empty)).isEmpty();
      default -> queue();
    }
  }

  private void queue() {
    CompletableFuture<Void> end = new CompletableFuture<>();
    CompletableFuture<Void> fed = room.feed(() -> Optional.of(end)).orElseThrow();
    assertThat(fed).isNotDone();
    inFlight.add(end);
  }

  private void end(boolean fails) {
    if (fails) {
      inFlight.remove().completeExceptionally(new IllegalStateException("the card is gone"));
    } else {
      inFlight.remove().complete(null);
    }
  }

  /** So many chunks find room at once, and one more waits for one that ends. */
  private void assertRoom(int chunks, String situation) throws Exception {
    Deque<CompletableFuture<Void>> more = new ArrayDeque<>();
    for (int i = 0; i < chunks; i++) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      Supplier<Optional<CompletableFuture<Void>>> queue = () -> Optional.of(end);
      CompletableFuture.runAsync(() -> room.feed(queue)).get(PATIENCE, TimeUnit.SECONDS);
      more.add(end);
    }
    FutureTask<?> feed =
        new FutureTask<>(
            () -> room.feed(() -> Optional.of(CompletableFuture.completedFuture(null))));
    Thread over = new Thread(feed);
    over.setDaemon(true);
    over.start();
    awaitParked(over, situation);
    if (more.isEmpty()) {
      end(false);
    }
    more.forEach(end -> end.complete(null));
    assertThat(feed.get(PATIENCE, TimeUnit.SECONDS)).as(situation).isNotNull();
  }

  /** Until the thread is queued at a synchronizer, where only another thread lets it go on. */
  private static void awaitParked(Thread thread, String situation) throws InterruptedException {
    while (!(LockSupport.getBlocker(thread) instanceof AbstractQueuedSynchronizer)) {
      assertThat(thread.isAlive()).as("one chunk too many waits: " + situation).isTrue();
      Thread.sleep(1);
    }
  }
}
