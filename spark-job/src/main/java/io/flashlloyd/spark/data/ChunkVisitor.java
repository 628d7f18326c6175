package io.flashlloyd.spark.data;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** What a task does with the chunks it is given, unit by unit, each unit's chunks in row order. */
public interface ChunkVisitor {
  /** Before the first chunk of a unit. */
  default void beginUnit(int unit) throws IOException {}

  /** The chunk's memory stays until the future completes. */
  CompletableFuture<Void> visit(StoredChunk chunk) throws IOException;

  /** After the last chunk of a unit; chunks' futures may still be open. */
  default void endUnit(int unit) throws IOException {}
}
