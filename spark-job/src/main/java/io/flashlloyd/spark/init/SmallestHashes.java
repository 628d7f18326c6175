package io.flashlloyd.spark.init;

import io.flashlloyd.engine.HostRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The {@code limit} distinct contents that come first by (hash, content): a uniform sample without
 * replacement of the distinct rows, the same whatever the order of rows and merges. Not
 * thread-safe.
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

  /** Rows that one core hashes in one go. */
  private static final int RUN = 1024;

  private final int limit;
  private final long seed;
  private final int round;
  private final TreeSet<Hashed> smallest = new TreeSet<>(ORDER);

  SmallestHashes(int limit, long seed, int round) {
    this.limit = limit;
    this.seed = seed;
    this.round = round;
  }

  void add(HostRows rows) {
    long[] hashes = hashes(rows);
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < hashes.length; i++) {
      if (smallest.size() < limit || Long.compareUnsigned(hashes[i], smallest.last().hash) <= 0) {
        rows.copyRow(i, row);
        add(new Hashed(hashes[i], RowContent.of(row)));
      }
    }
  }

  /** Of every row; on all cores, since this task may be the only one of its executor. */
  private long[] hashes(HostRows rows) {
    long[] hashes = new long[rows.rows()];
    int runs = (hashes.length + RUN - 1) / RUN;
    IntStream.range(0, runs)
        .parallel()
        .forEach(
            run -> {
              float[] row = new float[rows.dimension()];
              int end = Math.min((run + 1) * RUN, hashes.length);
              for (int i = run * RUN; i < end; i++) {
                rows.copyRow(i, row);
                hashes[i] = RowContent.hash(row, seed, round);
              }
            });
    return hashes;
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

  /** The first {@code count} that are not among {@code taken}. */
  List<RowContent> contentsWithout(Collection<RowContent> taken, int count) {
    return contents().stream().filter(c -> !taken.contains(c)).limit(count).toList();
  }
}
