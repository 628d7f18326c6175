package io.flashlloyd.spark.data;

import io.flashlloyd.engine.StageSeconds;
import java.io.IOException;

/** The chunks of one task, to be gone through once. Used by the task's thread. */
public interface ChunkScan {
  /**
   * Gives the visitor every chunk and returns when it is done with all. A chunk has the same id in
   * every scan.
   */
  void forEach(ChunkVisitor visitor) throws IOException;

  /** What reading took so far; nothing where all chunks were in memory. */
  default StageSeconds stages() {
    return StageSeconds.NONE;
  }
}
