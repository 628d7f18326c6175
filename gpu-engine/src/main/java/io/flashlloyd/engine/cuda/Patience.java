package io.flashlloyd.engine.cuda;

/**
 * When to try again what was of no use: at once, and then after a pause that is longer each time
 * that it is of no use again. Not thread-safe.
 */
final class Patience {
  /** Tries left out between two, at most. */
  static final int LONGEST = 8;

  private int failures;
  private int left;

  /** Whether to try now. */
  boolean tries() {
    if (left > 0) {
      left--;
      return false;
    }
    return true;
  }

  /** What came of the last try. */
  void learn(boolean useful) {
    failures = useful ? 0 : failures + 1;
    left = failures < 2 ? 0 : Math.min(LONGEST, 1 << Math.min(failures - 2, 30));
  }
}
