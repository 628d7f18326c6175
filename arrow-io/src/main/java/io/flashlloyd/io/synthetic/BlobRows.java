package io.flashlloyd.io.synthetic;

import java.nio.ByteBuffer;

/**
 * Rows scattered about centres: each a function of (seed, row number) and of nothing else, by
 * hashing counters, so that any range of rows can be made anywhere and has the same bits. Centres
 * and noise are near to N(0, 1) in each coordinate; integers count twentieths of that, uint8 from
 * 128. Immutable.
 */
final class BlobRows {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** Noise is picked from a table that stays in the first-level cache, four at a hash. */
  private static final int NOISE_BITS = 12;

  private static final int INTEGER_STEPS = 20;

  private static final float NO_FRACTION = 0x1.8p23f;

  private final SyntheticSpec spec;
  private final long seed;
  private final float[] centres;
  private final float[] noise;

  BlobRows(SyntheticSpec spec) {
    this.spec = spec;
    this.seed = mix(spec.seed() * GOLDEN + 1);
    this.centres = normal(Math.multiplyExact(spec.clusters(), spec.dimension()), mix(seed + 1));
    this.noise = normal(1 << NOISE_BITS, mix(seed + 2));
  }

  /**
   * Numbers close to N(0, 1): each the sum of twelve uniform ones, of which a hash gives four.
   */
  private static float[] normal(int count, long seed) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int sum = 0;
      for (int draw = 0; draw < 3; draw++) {
        long bits = mix(seed + (3L * i + draw) * GOLDEN);
        sum += (int) (bits & 0xffff) + (int) (bits >>> 16 & 0xffff);
        sum += (int) (bits >>> 32 & 0xffff) + (int) (bits >>> 48);
      }
      values[i] = (sum - 6 * 65535) / 65536f;
    }
    return values;
  }

  /** David Stafford's "Mix13", as in SplitMix64. */
  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  private int cluster(long lot) {
    return (int) Math.multiplyHigh(lot >>> 1, 2L * spec.clusters());
  }

  /** Writes [count x dimension] little-endian coordinates of rows from {@code first} on. */
  void write(long first, int count, ByteBuffer to) {
    int dimension = spec.dimension();
    float[] row = new float[(dimension + 3) & -4];
    for (int i = 0; i < count; i++) {
      long lot = mix(seed + (first + i) * GOLDEN);
      scatter(lot, row);
      int centre = cluster(lot) * dimension;
      for (int t = 0; t < dimension; t++) {
        row[t] += centres[centre + t];
      }
      store(row, dimension, to, i * dimension);
    }
  }

  private void scatter(long lot, float[] row) {
    int mask = (1 << NOISE_BITS) - 1;
    long counter = lot;
    for (int t = 0; t < row.length; t += 4) {
      counter += GOLDEN;
      long bits = mix(counter);
      row[t] = noise[(int) bits & mask];
      row[t + 1] = noise[(int) (bits >>> 16) & mask];
      row[t + 2] = noise[(int) (bits >>> 32) & mask];
      row[t + 3] = noise[(int) (bits >>> 48) & mask];
    }
  }

  private void store(float[] row, int dimension, ByteBuffer to, int at) {
    switch (spec.type()) {
      case FLOAT32 -> {
        for (int t = 0; t < dimension; t++) {
          to.putFloat((at + t) * Float.BYTES, row[t]);
        }
      }
      case FLOAT16 -> {
        for (int t = 0; t < dimension; t++) {
          to.putShort((at + t) * Short.BYTES, float16(row[t]));
        }
      }
      case UINT8 -> {
        for (int t = 0; t < dimension; t++) {
          to.put(at + t, (byte) Math.max(0, Math.min(255, steps(row[t]) + 128)));
        }
      }
      case INT8 -> {
        for (int t = 0; t < dimension; t++) {
          to.put(at + t, (byte) Math.max(-128, Math.min(127, steps(row[t]))));
        }
      }
      default -> throw new IllegalStateException("No synthetic rows are " + spec.type().label());
    }
  }

  /** Rounded half to even: next to this float there is no room for a fraction. */
  private static int steps(float value) {
    return (int) (value * INTEGER_STEPS + NO_FRACTION - NO_FRACTION);
  }

  /** Rounded half to even; for numbers well inside float16's range. */
  private static short float16(float value) {
    int bits = Float.floatToRawIntBits(value);
    // 2^-112 moves float32's exponent to where float16 has it, 13 bits up.
    int magnitude = Float.floatToRawIntBits(Math.abs(value) * 0x1p-112f);
    int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) ((bits >>> 16 & 0x8000) | (rounded >>> 13));
  }
}
