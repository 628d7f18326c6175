package io.flashlloyd.engine.exact;

import io.flashlloyd.engine.HostRows;
import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * 64 bits that depend on a seed, a round and the content of a row only: on the bits of its float32
 * coordinates, −0 taken as +0, whatever file, type or engine they come from. All arithmetic is of
 * whole numbers.
 *
 * @param start what a row's hash begins with
 */
public record ContentHash(long start) implements Serializable {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** Rows that one core hashes in one go. */
  private static final int RUN = 1024;

  /** Coordinates that are decoded at a time: they stay in a first-level cache. */
  private static final int DECODED = 1 << 12;

  /** The hash of this seed and round, independent of any other round's for any use here. */
  public static ContentHash of(long seed, int round) {
    return new ContentHash(finish(seed * GOLDEN + round + 1));
  }

  /** Adding +0 turns −0 into +0 and leaves every other value as it is. */
  public static int canonicalBits(float value) {
    return Float.floatToRawIntBits(value + 0.0f);
  }

  private static long step(long hash, int value) {
    long mixed = (hash ^ value) * GOLDEN;
    return mixed ^ mixed >>> 32;
  }

  /** David Stafford's "Mix13" finalizer, as in SplitMix64. */
  private static long finish(long hash) {
    long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  /** Of a row of these coordinates. */
  public long ofRow(float[] row) {
    long hash = start;
    for (float value : row) {
      hash = step(hash, canonicalBits(value));
    }
    return finish(hash);
  }

  /** Of a row of these {@link #canonicalBits}. */
  public long ofBits(int[] bits) {
    long hash = start;
    for (int value : bits) {
      hash = step(hash, value);
    }
    return finish(hash);
  }

  /** Of each row, on all cores: who asks may be the only task of its process. */
  public long[] ofRows(HostRows rows) {
    long[] hashes = new long[rows.rows()];
    int runs = (hashes.length + RUN - 1) / RUN;
    IntStream.range(0, runs).parallel().forEach(run -> ofRun(rows, hashes, run * RUN));
    return hashes;
  }

  private void ofRun(HostRows rows, long[] hashes, int from) {
    int dimension = rows.dimension();
    int end = Math.min(from + RUN, hashes.length);
    int step = Math.max(4, DECODED / dimension);
    float[] values = new float[step * dimension];
    for (int row = from; row < end; row += step) {
      int count = Math.min(step, end - row);
      rows.copyRows(row, count, values);
      ofRows(values, count, dimension, hashes, row);
    }
  }

  /**
   * Of rows that lie one after another, four at a time: each is one chain of multiplications, and a
   * core has room for several.
   */
  private void ofRows(float[] rows, int count, int dimension, long[] hashes, int to) {
    int row = 0;
    for (; row + 4 <= count; row += 4) {
      int a = row * dimension;
      int b = a + dimension;
      int c = b + dimension;
      int d = c + dimension;
      long hashA = start;
      long hashB = start;
      long hashC = start;
      long hashD = start;
      for (int t = 0; t < dimension; t++) {
        hashA = step(hashA, canonicalBits(rows[a + t]));
        hashB = step(hashB, canonicalBits(rows[b + t]));
        hashC = step(hashC, canonicalBits(rows[c + t]));
        hashD = step(hashD, canonicalBits(rows[d + t]));
      }
      hashes[to + row] = finish(hashA);
      hashes[to + row + 1] = finish(hashB);
      hashes[to + row + 2] = finish(hashC);
      hashes[to + row + 3] = finish(hashD);
    }
    for (; row < count; row++) {
      long hash = start;
      for (int t = 0; t < dimension; t++) {
        hash = step(hash, canonicalBits(rows[row * dimension + t]));
      }
      hashes[to + row] = finish(hash);
    }
  }

  /** Another lot for the same content, independent of {@code hash} for any use here. */
  public static long again(long hash, int draw) {
    return finish(hash + (draw + 1) * GOLDEN);
  }

  /** A hash as a number in [0, 1), multiple of 2^-53. */
  public static double unit(long hash) {
    return (hash >>> 11) * 0x1p-53;
  }
}
