package io.flashlloyd.spark.data;

import io.flashlloyd.engine.exact.ContentHash;
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
      bits[t] = ContentHash.canonicalBits(row[t]);
    }
    return new RowContent(bits);
  }

  /** 64 bits that depend on the hash's seed and round and on the content only. */
  public long hash(ContentHash hash) {
    return hash.ofBits(bits);
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
