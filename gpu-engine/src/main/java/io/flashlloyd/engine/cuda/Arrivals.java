package io.flashlloyd.engine.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Page-locked memory for threads that bring rows side by side: as many rings as there were threads
 * at a time. Thread-safe.
 */
final class Arrivals implements AutoCloseable {
  private static final int PIECES = 2;
  private static final int PIECE_BYTES = 4 << 20;

  private final DeviceStream stream;
  private final Deque<StagingRing> free = new ArrayDeque<>();

  /**
   * @param stream of all copies
   */
  Arrivals(DeviceStream stream) {
    this.stream = stream;
  }

  /** A ring for the calling thread, whose context is current; it gives it back. */
  StagingRing take() {
    synchronized (free) {
      if (!free.isEmpty()) {
        return free.pop();
      }
    }
    return new StagingRing(PIECES, PIECE_BYTES, stream);
  }

  void giveBack(StagingRing ring) {
    synchronized (free) {
      free.push(ring);
    }
  }

  @Override
  public void close() {
    free.forEach(StagingRing::close);
  }
}
