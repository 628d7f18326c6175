package io.flashlloyd.spark.data;

import io.flashlloyd.spark.store.ChunkStore;

/** Frees a data set's chunks in the executor where it runs. */
final class DropTask implements ScanTask<Boolean> {
  private static final long serialVersionUID = 1L;

  private final String dataset;

  DropTask(String dataset) {
    this.dataset = dataset;
  }

  @Override
  public Boolean run(ChunkScan chunks) {
    ChunkStore.get().drop(dataset);
    return true;
  }
}
