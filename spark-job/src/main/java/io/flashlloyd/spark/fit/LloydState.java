package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.report.IterationReport;
import java.util.List;

/**
 * Where the loop is between two iterations: all that it needs to go on to the same bits.
 *
 * @param current the centroids that the next iteration assigns to
 * @param previous those of the iteration before, null before the first
 * @param iterations what has been done, in order
 * @param converged whether nothing is left to do
 */
public record LloydState(
    Centroids current, Centroids previous, List<IterationReport> iterations, boolean converged) {
  public LloydState {
    iterations = List.copyOf(iterations);
  }

  /** Before the first iteration. */
  public static LloydState initial(Centroids centroids) {
    return new LloydState(centroids, null, List.of(), false);
  }

  /** How many iterations have been done. */
  public int iteration() {
    return iterations.size();
  }

  /** Told of every state that the loop reaches, the initial one too. Driver side. */
  public interface Listener {
    /** For loops that nobody follows. */
    Listener NONE = state -> {};

    void reached(LloydState state);
  }
}
