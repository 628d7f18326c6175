package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.spark.data.RowContent;
import java.util.stream.IntStream;

/** The hash of every row, on all cores: a task may be the only one of its executor. */
final class RowHashes {
  /** Rows that one core hashes in one go. */
  private static final int RUN = 1024;

  private RowHashes() {}

  /** {@link RowContent#hash} of each row. */
  static long[] of(HostRows rows, long seed, int round) {
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
}
