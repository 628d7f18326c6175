package io.flashlloyd.spark.task;

import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import java.io.Serializable;

/**
 * What a pass over some chunks found.
 *
 * @param seconds wall time of the pass; of the slowest where several are merged
 * @param engine what ran it
 */
public record PassResult(PartialSums sums, double seconds, String engine) implements Serializable {
  static PassResult of(PartialSums sums, long startNanos, LloydEngine engine) {
    return new PassResult(sums, (System.nanoTime() - startNanos) * 1e-9, engine.description());
  }

  /** Both together; the sums of {@code a} are used up. */
  public static PassResult merge(PassResult a, PassResult b) {
    return new PassResult(a.sums.merge(b.sums), Math.max(a.seconds, b.seconds), a.engine);
  }
}
