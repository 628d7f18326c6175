package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Rows that depend on a seed and nothing else, for tests and benches. */
final class SyntheticRows {
  private static final int PART = 1 << 14;

  private SyntheticRows() {}

  /** Gaussian noise of variance 1 (for integers: of deviation 20, around their middle). */
  static void gaussian(ByteBuffer to, int rows, int dimension, ElementType type, long seed) {
    IntStream.range(0, KernelShapes.ceilDiv(rows, PART))
        .parallel()
        .forEach(
            part -> {
              SplittableRandom random = new SplittableRandom(seed * 1_000_003 + part);
              int end = (int) Math.min((part + 1L) * PART, rows) * dimension;
              for (int i = part * PART * dimension; i < end; i++) {
                put(to, i, type, normal(random));
              }
            });
  }

  /** The sum of four uniform numbers of one draw: close to normal, and fast. */
  private static float normal(SplittableRandom random) {
    long bits = random.nextLong();
    int sum =
        (int) (bits & 0xffff)
            + (int) (bits >>> 16 & 0xffff)
            + (int) (bits >>> 32 & 0xffff)
            + (int) (bits >>> 48);
    return (sum - 131070f) * (1.7320508f / 65536f);
  }

  /** Stores a number in units of the standard deviation. */
  static void put(ByteBuffer to, int index, ElementType type, float value) {
    switch (type) {
      case FLOAT32 -> to.putFloat(index * 4, value);
      case FLOAT16 -> to.putShort(index * 2, toFloat16(value));
      case UINT8 -> to.put(index, (byte) Math.max(0, Math.min(255, Math.round(value * 20 + 128))));
      case INT8 -> to.put(index, (byte) Math.max(-128, Math.min(127, Math.round(value * 20))));
    }
  }

  /** Rounds half to even, to infinity beyond float16's range. */
  static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    // Adding this power of two leaves, as float32 rounds, the bits that float16 keeps.
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    float rounder = Math.scalb(1.5f, exponent + 13);
    float rounded = (magnitude + rounder) - rounder;
    if (rounded < 0x1p-14f) {
      return (short) (sign | Math.round(rounded * 0x1p24f));
    }
    int half = Float.floatToRawIntBits(rounded) - (112 << 23) >>> 13;
    return (short) (sign | half);
  }
}
