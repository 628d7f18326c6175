package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.spark.data.ChunkScan;
import io.flashlloyd.spark.executor.ExecutorEngine;
import java.io.Serializable;

/**
 * What a pass over some chunks found.
 *
 * @param seconds wall time of the pass; of the slowest where several are merged
 * @param engine what ran it
 * @param stages work by stage, of all that are merged together
 * @param unscreenedRows rows that kept their centroid by bounds of the pass before
 */
public record PassResult(
    PartialSums sums, double seconds, String engine, StageSeconds stages, long unscreenedRows)
    implements Serializable {
  /** Finishes the pass of a task that began at {@code startNanos}. */
  public static PassResult finish(
      Pass pass, ChunkScan chunks, long startNanos, LloydEngine engine) {
    PartialSums sums = pass.finish();
    ExecutorEngine.countAssigned(sums.rows());
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    StageSeconds stages = chunks.stages().plus(pass.stages());
    return new PassResult(sums, seconds, engine.description(), stages, pass.unscreenedRows());
  }

  /** Both together; the sums of {@code a} are used up. */
  public static PassResult merge(PassResult a, PassResult b) {
    a.sums.merge(b.sums);
    return a.and(b);
  }

  /** The same sums, and all else of both. */
  public PassResult and(PassResult other) {
    return new PassResult(
        sums,
        Math.max(seconds, other.seconds),
        engine,
        stages.plus(other.stages),
        unscreenedRows + other.unscreenedRows);
  }

  /** The same pass with its sums in another form. */
  public PassResult with(PartialSums form) {
    return new PassResult(form, seconds, engine, stages, unscreenedRows);
  }

  /** What was found of clusters [from, to); the first slice has what is of the whole pass. */
  public PassResult slice(int from, int to) {
    return new PassResult(
        sums.slice(from, to),
        seconds,
        engine,
        from == 0 ? stages : StageSeconds.NONE,
        from == 0 ? unscreenedRows : 0);
  }
}
