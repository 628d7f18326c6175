package io.flashlloyd.spark.data;

import java.io.Serializable;

/**
 * What tells one data set from another, whatever its order, files and partitions: how many rows,
 * and the sum modulo 2^128 of their contents' hashes.
 */
public record Fingerprint(long rows, long high, long low) implements Serializable {
  static final Fingerprint NOTHING = new Fingerprint(0, 0, 0);

  /** Of both together. */
  Fingerprint plus(Fingerprint other) {
    long sum = low + other.low;
    int carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Fingerprint(rows + other.rows, high + other.high + carry, sum);
  }

  /** The sum of hashes in 32 hexadecimal digits. */
  public String hash() {
    return "%016x%016x".formatted(high, low);
  }
}
