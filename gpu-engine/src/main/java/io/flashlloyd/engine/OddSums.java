package io.flashlloyd.engine;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of odd values ({@link io.flashlloyd.engine.exact.SumScale}), exact, where there are any: a
 * map, since they are few; where they are not, this is slow, and right. Not thread-safe.
 */
public final class OddSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Every float32 is a multiple of 2 to minus this, and so are the sums. */
  static final int POINT = 149;

  /** By place in [k x dimension]. */
  private final TreeMap<Long, BigInteger> sums = new TreeMap<>();

  /** Adds {@code weight * x} to the sum of this place in [k x dimension]. */
  public void add(long place, float x, long weight) {
    if (weight == 0) {
      return;
    }
    long bits = Integer.toUnsignedLong(Float.floatToRawIntBits(x));
    int biased = (int) (bits >>> 23) & 0xff;
    long mantissa = bits & 0x7fffff | (biased == 0 ? 0 : 0x800000);
    // A float32 is mantissa * 2^(max(biased, 1) - 150).
    add(
        place,
        BigInteger.valueOf(x < 0 ? -mantissa : mantissa)
            .multiply(BigInteger.valueOf(weight))
            .shiftLeft(Math.max(biased, 1) - 1));
  }

  private void add(long place, BigInteger sum) {
    sums.merge(place, sum, BigInteger::add);
  }

  /** Adds other sums, which are of the places from {@code first} on here. */
  void add(long first, OddSums other) {
    other.sums.forEach((place, sum) -> add(first + place, sum));
  }

  /** The sums of places [from, to). */
  OddSums slice(long from, long to) {
    OddSums slice = new OddSums();
    sums.subMap(from, to).forEach((place, sum) -> slice.add(place - from, sum));
    return slice;
  }

  /** The sum of a place, of 2 to minus {@link #POINT}; null where nothing was added. */
  BigInteger at(long place) {
    return sums.get(place);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OddSums odd && odd.sums.equals(sums);
  }

  @Override
  public int hashCode() {
    return sums.hashCode();
  }

  @Override
  public String toString() {
    Map.Entry<Long, BigInteger> first = sums.firstEntry();
    return sums.size() + " odd sums" + (first == null ? "" : ", the first " + first);
  }
}
