package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.data.RowContent;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The candidates of k-means|| so far, in the order of their contents, and which of them were not
 * among those before: a row that knows its nearest candidate of then need only meet these.
 *
 * @param run one initialization; its candidates only grow
 * @param generation how often they grew, from 0
 * @param fresh which candidates are new, ascending; in the first generation all
 * @param moved [candidates before] where each of those before is now, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CandidatePlan(
    String run, int generation, Centroids all, int[] fresh, int[] moved, SumScale scale)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The first candidates. */
  static CandidatePlan first(Collection<RowContent> contents, SumScale scale) {
    Centroids all = Candidates.inOrder(new TreeSet<>(contents));
    int[] fresh = IntStream.range(0, all.k()).toArray();
    return new CandidatePlan(UUID.randomUUID().toString(), 0, all, fresh, new int[0], scale);
  }

  /**
   * The plan with more of them.
   *
   * @param before the contents of this plan
   * @param after those and more
   */
  CandidatePlan grown(SortedSet<RowContent> before, SortedSet<RowContent> after) {
    int[] more = new int[after.size() - before.size()];
    int[] old = new int[before.size()];
    int moreCount = 0;
    int oldCount = 0;
    int position = 0;
    for (RowContent content : after) {
      if (before.contains(content)) {
        old[oldCount++] = position++;
      } else {
        more[moreCount++] = position++;
      }
    }
    return new CandidatePlan(run, generation + 1, Candidates.inOrder(after), more, old, scale);
  }

  /** Measures rows to all candidates. */
  PassPlan toAll() {
    return PassPlan.assign(all, scale);
  }

  /** Measures rows to the new ones. */
  PassPlan toFresh() {
    int dimension = all.dimension();
    float[] values = new float[fresh.length * dimension];
    for (int i = 0; i < fresh.length; i++) {
      System.arraycopy(all.values(), fresh[i] * dimension, values, i * dimension, dimension);
    }
    return PassPlan.assign(new Centroids(values, fresh.length, dimension), scale);
  }

  /** Whether rows of which this is known are measured to all candidates. */
  boolean isDone(Nearest known) {
    return known != null && known.generation() == generation && known.run().equals(run);
  }

  /** Whether such rows lack the new candidates only. */
  boolean lacksFresh(Nearest known) {
    return known != null && known.generation() == generation - 1 && known.run().equals(run);
  }

  /** What a pass to all candidates found. */
  Nearest of(RowOutputs found) {
    return new Nearest(run, generation, found.assignments().array(), found.distances().array());
  }

  /** What is known of rows after a pass to the new candidates. */
  Nearest of(Nearest before, RowOutputs found) {
    int[] candidates = found.assignments().array();
    double[] distances = found.distances().array();
    for (int row = 0; row < candidates.length; row++) {
      int old = moved[before.candidates()[row]];
      double oldDistance = before.distances()[row];
      int candidate = fresh[candidates[row]];
      // Of equal distances the lower index wins, as in a pass to all.
      if (oldDistance < distances[row] || (oldDistance == distances[row] && old < candidate)) {
        distances[row] = oldDistance;
        candidate = old;
      }
      candidates[row] = candidate;
    }
    return new Nearest(run, generation, candidates, distances);
  }

  @Override
  public String toString() {
    return "CandidatePlan[%d candidates, generation %d, fresh %s]"
        .formatted(all.k(), generation, Arrays.toString(fresh));
  }
}
