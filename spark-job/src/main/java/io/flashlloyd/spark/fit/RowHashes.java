package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.spark.data.RowContent;
import java.util.stream.IntStream;

/** The hash of every row, on all cores: a task may be the only one of its executor. */
final class RowHashes {
  /** Rows that one core hashes in one go. */
  private static final int RUN = 1024;

  /** Coordinates that are decoded at a time: they stay in a first-level cache. */
  private static final int DECODED = 1 << 12;

  private RowHashes() {}

  /** {@link RowContent#hash} of each row. */
  static long[] of(HostRows rows, long seed, int round) {
    long[] hashes = new long[rows.rows()];
    int runs = (hashes.length + RUN - 1) / RUN;
    IntStream.range(0, runs).parallel().forEach(run -> hash(rows, seed, round, hashes, run * RUN));
    return hashes;
  }

  private static void hash(HostRows rows, long seed, int round, long[] hashes, int from) {
    int dimension = rows.dimension();
    int end = Math.min(from + RUN, hashes.length);
    int step = Math.max(4, DECODED / dimension);
    float[] values = new float[step * dimension];
    for (int row = from; row < end; row += step) {
      int count = Math.min(step, end - row);
      rows.copyRows(row, count, values);
      RowContent.hash(values, count, dimension, seed, round, hashes, row);
    }
  }
}
