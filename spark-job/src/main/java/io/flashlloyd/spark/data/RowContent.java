package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What a row is, whatever file, type, partition or position it came from: the bits of its float32
 * coordinates, −0 taken as +0. Equal by content, ordered by unsigned comparison of the bits.
 * Immutable.
 */
public final class RowContent implements Comparable<RowContent>, Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] bits;

  private RowContent(int[] bits) {
    this.bits = bits;
  }

  /** The content of a row of these coordinates. */
  public static RowContent of(float[] row) {
    int[] bits = new int[row.length];
    for (int t = 0; t < bits.length; t++) {
      bits[t] = canonicalBits(row[t]);
    }
    return new RowContent(bits);
  }

  /** Adding +0 turns −0 into +0 and leaves every other value as it is. */
  private static int canonicalBits(float value) {
    return Float.floatToRawIntBits(value + 0.0f);
  }

  /** The hash of a row's content, without making that. */
  public static long hash(float[] row, long seed, int round) {
    long hash = start(seed, round);
    for (float value : row) {
      hash = step(hash, canonicalBits(value));
    }
    return finish(hash);
  }

  /**
   * The hashes of rows that lie one after another, four at a time: each is one chain of
   * multiplications, and a core has room for several.
   *
   * @param rows [count x dimension]
   * @param hashes written from {@code to}, [count]
   */
  public static void hash(
      float[] rows, int count, int dimension, long seed, int round, long[] hashes, int to) {
    long start = start(seed, round);
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

  /** 64 bits that depend on the seed, the round and the content only. */
  public long hash(long seed, int round) {
    long hash = start(seed, round);
    for (int value : bits) {
      hash = step(hash, value);
    }
    return finish(hash);
  }

  private static long start(long seed, int round) {
    return finish(seed * 0x9e3779b97f4a7c15L + round + 1);
  }

  private static long step(long hash, int value) {
    long mixed = (hash ^ value) * 0x9e3779b97f4a7c15L;
    return mixed ^ mixed >>> 32;
  }

  /** David Stafford's "Mix13" finalizer, as in SplitMix64. */
  private static long finish(long hash) {
    long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  /** Another lot for the same content, independent of {@code hash} for any use here. */
  public static long again(long hash, int draw) {
    return finish(hash + (draw + 1) * 0x9e3779b97f4a7c15L);
  }

  /** A hash as a number in [0, 1), multiple of 2^-53. */
  public static double unit(long hash) {
    return (hash >>> 11) * 0x1p-53;
  }

  public int dimension() {
    return bits.length;
  }

  /** Writes the coordinates to {@code values} from {@code offset}. */
  public void copyTo(float[] values, int offset) {
    for (int t = 0; t < bits.length; t++) {
      values[offset + t] = Float.intBitsToFloat(bits[t]);
    }
  }

  @Override
  public int compareTo(RowContent other) {
    return Arrays.compareUnsigned(bits, other.bits);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowContent that && Arrays.equals(bits, that.bits);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bits);
  }
}
