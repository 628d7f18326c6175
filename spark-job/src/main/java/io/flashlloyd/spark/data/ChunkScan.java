package io.flashlloyd.spark.data;

import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.spark.store.ChunkVisitor;
import io.flashlloyd.spark.store.SplitContent;
import java.io.IOException;
import java.util.Map;

/** The chunks of one task, to be gone through once. Used by the task's thread. */
public interface ChunkScan {
  /**
   * Gives the visitor every chunk and returns when it is done with all. A chunk has the same id in
   * every scan.
   */
  void forEach(ChunkVisitor visitor) throws IOException;

  /** What the splits held that were gone through, by number; nothing where no store has them. */
  default Map<Integer, SplitContent> contents() {
    return Map.of();
  }

  /** What reading took so far; nothing where all chunks were in memory. */
  default StageSeconds stages() {
    return StageSeconds.NONE;
  }
}
