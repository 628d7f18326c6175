package io.flashlloyd.engine.cpu;

/**
 * A screen score and the vector of centroids it came from, in one int: the bits of a float32 whose
 * lowest 6 are replaced by the vector's number within a slab of 64 vectors. Positive floats order
 * as their bits do, so one integer maximum keeps the best score and whose it is. Negative ones do
 * not, but all are below all positive ones, and the screen trusts positive keys only.
 *
 * <p>A positive score s has a key whose {@link #floor} f satisfies f <= s.
 */
final class ScoreKey {
  /** Vectors in a slab. */
  static final int SLAB = 64;

  static final int MASK = -SLAB;

  /** Below every key. */
  static final int NONE = Integer.MIN_VALUE;

  private ScoreKey() {}

  /** The score without its lowest bits, as an int that orders as positive scores do. */
  static int floorBits(int key) {
    return key & MASK;
  }

  static float floor(int key) {
    return Float.intBitsToFloat(key & MASK);
  }

  /** At least the score of this key and of all that order below it. */
  static float ceiling(int key) {
    return key > 0 ? Float.intBitsToFloat(key | ~MASK) : 0;
  }

  static int vector(int key) {
    return key & ~MASK;
  }
}
