package io.flashlloyd.spark.data;

import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.exact.ContentHash;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Adds up the hashes of a task's rows; a row's weight is part of what is hashed. */
final class FingerprintTask implements ScanTask<Fingerprint> {
  private static final long serialVersionUID = 1L;

  /** Rows that one core hashes in one go. */
  private static final int RUN = 1024;

  /** Rounds that no initialization hashes with. */
  private static final int LOW_ROUND = -2;

  private static final int HIGH_ROUND = -3;

  @Override
  public Fingerprint run(ChunkScan chunks) throws IOException {
    Fingerprint[] sum = {Fingerprint.NOTHING};
    chunks.forEach(
        chunk -> {
          sum[0] = sum[0].plus(of(chunk.rows()));
          return CompletableFuture.completedFuture(null);
        });
    return sum[0];
  }

  /** On all cores, since this task may be the only one of its executor. */
  private static Fingerprint of(HostRows rows) {
    int runs = (rows.rows() + RUN - 1) / RUN;
    return IntStream.range(0, runs)
        .parallel()
        .mapToObj(run -> of(rows, run * RUN, Math.min((run + 1) * RUN, rows.rows())))
        .reduce(Fingerprint.NOTHING, Fingerprint::plus);
  }

  private static Fingerprint of(HostRows rows, int from, int to) {
    float[] row = new float[rows.dimension()];
    Fingerprint sum = Fingerprint.NOTHING;
    for (int i = from; i < to; i++) {
      rows.copyRow(i, row);
      long weight = rows.weight(i);
      long low = ContentHash.of(weight, LOW_ROUND).ofRow(row);
      long high = ContentHash.of(weight, HIGH_ROUND).ofRow(row);
      sum = sum.plus(new Fingerprint(1, high, low));
    }
    return sum;
  }
}
