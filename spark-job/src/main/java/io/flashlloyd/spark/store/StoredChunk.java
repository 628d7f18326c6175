package io.flashlloyd.spark.store;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.io.VectorChunk;

/**
 * A chunk in this executor's memory.
 *
 * @param id names these rows for the engines of this process
 * @param firstRow number of the chunk's first row in the data set; for a DataFrame, in its
 *     partition
 * @param rows the values and weights, as an engine takes them
 * @param memory what owns the values; null where that is not the store's business
 */
public record StoredChunk(long id, long firstRow, HostRows rows, VectorChunk memory) {
  /** The chunk as engines take it; {@code chunk} still owns the memory. */
  public static StoredChunk of(long id, VectorChunk chunk) {
    ElementType type =
        switch (chunk.type()) {
          case FLOAT32 -> ElementType.FLOAT32;
          case FLOAT16 -> ElementType.FLOAT16;
          case UINT8 -> ElementType.UINT8;
          case INT8 -> ElementType.INT8;
        };
    HostRows rows =
        new HostRows(chunk.values(), chunk.rows(), chunk.dimension(), type, chunk.weights());
    return new StoredChunk(id, chunk.firstRow(), rows, chunk);
  }
}
