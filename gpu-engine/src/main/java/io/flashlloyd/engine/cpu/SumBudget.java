package io.flashlloyd.engine.cpu;

/**
 * The heap that an engine's accumulators may take beyond the first of each pass, whose tasks are
 * many where a driver asks for them. Thread-safe.
 */
final class SumBudget {
  private static final long HEAP_SHARE = 4;

  private long left;

  SumBudget(long bytes) {
    this.left = bytes;
  }

  /** A quarter of this process's heap. */
  static SumBudget ofHeap() {
    return new SumBudget(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }

  /** Takes so many bytes where they are left. */
  synchronized boolean take(long bytes) {
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }

  synchronized void giveBack(long bytes) {
    left += bytes;
  }
}
