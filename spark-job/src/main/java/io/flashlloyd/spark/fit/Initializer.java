package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.VectorRows;

/** Chooses the first centroids. */
public sealed interface Initializer
    permits RandomInitializer, KMeansParallelInitializer, GivenCentroids {
  /** At most k centroids; fewer only where the data has fewer distinct rows. */
  Initialization centroids(VectorRows data);

  /**
   * First centroids.
   *
   * @param exhausted whether these are all the distinct rows there are and fewer than were asked
   *     for; then they are the answer, and there is nothing to iterate
   */
  record Initialization(Centroids centroids, boolean exhausted) {}
}
