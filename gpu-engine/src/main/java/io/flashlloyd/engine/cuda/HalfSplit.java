package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.exact.SumScale;
import java.util.Optional;

/**
 * What splits a float16 into three whose sums over an item's rows float32 holds exactly; the proof
 * is in sum_tiles.cuh. Integers of 8 bits need no split.
 *
 * @param high float16 bits of the number that rounds to multiples of 2^a, twice
 * @param low the same for the second of the three
 */
record HalfSplit(int high, int low) {
  /** Nothing to split. */
  static final HalfSplit NONE = new HalfSplit(0, 0);

  private static final int MOST_MAGNITUDE = 14;
  private static final int MOST_BITS = 32;
  private static final int LEAST_EXPONENT = -14;

  /** For rows of this type and scale; empty where the tensor cores cannot sum them exactly. */
  static Optional<HalfSplit> of(ElementType type, SumScale scale) {
    if (type == ElementType.FLOAT32 || scale.wide() || !scale.lossless()) {
      return Optional.empty();
    }
    if (type != ElementType.FLOAT16) {
      return Optional.of(NONE);
    }
    int magnitude = Integer.MIN_VALUE;
    int exponent = Integer.MIN_VALUE;
    for (int t = 0; t < scale.dimension(); t++) {
      if (scale.maxAbs(t) != 0) {
        magnitude = Math.max(magnitude, Math.getExponent((double) scale.maxAbs(t)) + 1);
        exponent = Math.max(exponent, scale.exponent(t));
      }
    }
    if (magnitude == Integer.MIN_VALUE) {
      return Optional.of(of(LEAST_EXPONENT));
    }
    return magnitude > MOST_MAGNITUDE || magnitude + exponent > MOST_BITS
        ? Optional.empty()
        : Optional.of(of(Math.max(magnitude - 9, LEAST_EXPONENT)));
  }

  private static HalfSplit of(int a) {
    return new HalfSplit(twice(oneAndHalf(a + 10)), twice(oneAndHalf(a)));
  }

  /** float16 bits of 1.5 * 2^exponent. */
  private static int oneAndHalf(int exponent) {
    return exponent + 15 << 10 | 0x200;
  }

  private static int twice(int half) {
    return half << 16 | half;
  }
}
