package io.flashlloyd.spark.fit;

import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.ScanTask;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** The distinct contents of smallest hash among a task's rows, none above a given one. */
final class SampleTask implements ScanTask<SmallestHashes> {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final long seed;
  private final int round;
  private final long largest;

  SampleTask(int limit, long seed, int round, long largest) {
    this.limit = limit;
    this.seed = seed;
    this.round = round;
    this.largest = largest;
  }

  @Override
  public SmallestHashes run(ChunkScan chunks) throws IOException {
    SmallestHashes smallest = new SmallestHashes(limit, seed, round, largest);
    chunks.forEach(
        chunk -> {
          smallest.add(chunk.rows());
          return CompletableFuture.completedFuture(null);
        });
    return smallest;
  }
}
