package io.flashlloyd.spark.data;

import java.io.IOException;
import java.io.Serializable;

/**
 * What one task computes from its chunks: a pure function of them and of what it was made with, so
 * that a retried or speculative task gives the same result.
 *
 * @param <R> serializable
 */
public interface ScanTask<R> extends Serializable {
  R run(ChunkScan chunks) throws IOException;
}
