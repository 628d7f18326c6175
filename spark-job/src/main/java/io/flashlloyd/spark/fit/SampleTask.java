package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.exact.ContentHash;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.data.ScanTask;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.executor.ExecutorEngine;
import java.io.IOException;

/** The distinct contents of smallest hash among a task's rows, none above a given one. */
final class SampleTask implements ScanTask<SmallestHashes> {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final ContentHash hash;
  private final long largest;
  private final EngineSettings settings;

  /**
   * @param largest hash of contents that are wanted, unsigned
   */
  SampleTask(int limit, ContentHash hash, long largest, EngineSettings settings) {
    this.limit = limit;
    this.hash = hash;
    this.largest = largest;
    this.settings = settings;
  }

  @Override
  public SmallestHashes run(ChunkScan chunks) throws IOException {
    LloydEngine engine = ExecutorEngine.get(settings);
    SmallestHashes smallest = new SmallestHashes(limit, largest);
    chunks.forEach(
        chunk ->
            engine
                .hashes(chunk.id(), chunk.rows(), hash)
                .thenAccept(hashes -> smallest.add(chunk.rows(), hashes)));
    return smallest;
  }
}
