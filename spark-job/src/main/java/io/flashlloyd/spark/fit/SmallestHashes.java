package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.spark.data.RowContent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The {@code limit} distinct contents that come first by (hash, content): a uniform sample without
 * replacement of the distinct rows, the same whatever the order of rows and merges. Not
 * thread-safe, but for rows that are taken in.
 */
final class SmallestHashes implements Serializable {
  private static final long serialVersionUID = 1L;

  private record Hashed(long hash, RowContent content) implements Serializable {}

  private static final Comparator<Hashed> ORDER =
      (Comparator<Hashed> & Serializable)
          (a, b) -> {
            int byHash = Long.compareUnsigned(a.hash, b.hash);
            return byHash != 0 ? byHash : a.content.compareTo(b.content);
          };

  /** The largest hash there is, unsigned. */
  static final long ANY = -1;

  private final int limit;
  private final long largest;
  private final TreeSet<Hashed> smallest = new TreeSet<>(ORDER);

  /**
   * @param largest hash of contents that are wanted, unsigned; {@link #ANY} where all are
   */
  SmallestHashes(int limit, long largest) {
    this.limit = limit;
    this.largest = largest;
  }

  /**
   * Takes in rows; any thread.
   *
   * @param hashes of the rows
   */
  synchronized void add(HostRows rows, long[] hashes) {
    float[] row = new float[rows.dimension()];
    // A bound of its own: to ask the tree for its last element takes longer than the hash.
    long bound = bound();
    for (int i = 0; i < hashes.length; i++) {
      if (Long.compareUnsigned(hashes[i], bound) <= 0) {
        rows.copyRow(i, row);
        add(new Hashed(hashes[i], RowContent.of(row)));
        bound = bound();
      }
    }
  }

  /** What has a larger hash has no place. */
  private long bound() {
    return smallest.size() < limit ? largest : smallest.last().hash;
  }

  private void add(Hashed candidate) {
    if (smallest.add(candidate) && smallest.size() > limit) {
      smallest.pollLast();
    }
  }

  SmallestHashes merge(SmallestHashes other) {
    other.smallest.forEach(this::add);
    return this;
  }

  /** In order of hash. */
  List<RowContent> contents() {
    List<RowContent> list = new ArrayList<>(smallest.size());
    smallest.forEach(hashed -> list.add(hashed.content));
    return list;
  }

  /** Those of hashes up to and with this one. */
  SmallestHashes upTo(long upper) {
    return those(hashed -> Long.compareUnsigned(hashed.hash, upper) <= 0);
  }

  /** Those of hashes above {@code lower}, up to and with {@code upper}. */
  SmallestHashes between(long lower, long upper) {
    return those(
        hashed ->
            Long.compareUnsigned(hashed.hash, lower) > 0
                && Long.compareUnsigned(hashed.hash, upper) <= 0);
  }

  private SmallestHashes those(Predicate<Hashed> wanted) {
    SmallestHashes part = new SmallestHashes(limit, largest);
    smallest.stream().filter(wanted).forEach(part.smallest::add);
    return part;
  }
}
