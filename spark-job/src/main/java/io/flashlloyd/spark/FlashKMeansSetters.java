package io.flashlloyd.spark;

/**
 * The setters of all our estimators for the params of {@link FlashKMeansParams}.
 *
 * @param <E> the estimator, so that calls can be chained
 */
public interface FlashKMeansSetters<E extends FlashKMeansSetters<E>> extends FlashKMeansParams {
  /** This estimator. */
  E self();

  /** A column of vectors, {@code array<float>} or {@code array<double>}. */
  default E setFeaturesCol(String value) {
    set(featuresCol(), value);
    return self();
  }

  /** Most clusters; fewer only where there are fewer distinct rows. */
  default E setK(int value) {
    set(k(), value);
    return self();
  }

  /** Most Lloyd iterations; 0 for the initial centroids. */
  default E setMaxIter(int value) {
    set(maxIter(), value);
    return self();
  }

  /** The fit ends when no centroid moved farther than this; at 0, when no row moved. */
  default E setTol(double value) {
    set(tol(), value);
    return self();
  }

  /** Seed of the initialization. */
  default E setSeed(long value) {
    set(seed(), value);
    return self();
  }

  /** {@code k-means||} or {@code random}. */
  default E setInitMode(String value) {
    set(initMode(), value);
    return self();
  }

  /** Rounds of k-means||. */
  default E setInitSteps(int value) {
    set(initSteps(), value);
    return self();
  }

  /** {@code euclidean} or {@code cosine}; for cosine rows are scaled to length 1 first. */
  default E setDistanceMeasure(String value) {
    set(distanceMeasure(), value);
    return self();
  }

  /** Fits with seeds {@code seed}, {@code seed + 1} ...; the first of least cost is the result. */
  default E setNInit(int value) {
    set(nInit(), value);
    return self();
  }

  /** {@code keep} or {@code split}. */
  default E setEmptyCluster(String value) {
    set(emptyCluster(), value);
    return self();
  }

  /** {@code auto}, {@code cpu}, {@code gpu} or {@code reference}; the same result. */
  default E setEngine(String value) {
    set(engine(), value);
    return self();
  }

  /** Most MiB of one chunk of rows; the same result. */
  default E setChunkSizeInMB(double value) {
    set(chunkSizeInMB(), value);
    return self();
  }

  /** Whether a fit shows its progress, as one updating line on standard error. */
  default E setVerbose(boolean value) {
    set(verbose(), value);
    return self();
  }
}
