package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.report.Progress;
import java.io.Serializable;
import java.util.Locale;

/**
 * What to run; validated here, once.
 *
 * @param k number of clusters, at least 1
 * @param maxIter most Lloyd iterations; 0 returns the initial centroids
 * @param tol stop when no centroid moved farther than this (Euclidean); 0 stops when no row moved
 * @param seed of the initialization; the only randomness there is
 * @param initMode {@code k-means||}, {@code random}, or {@code given}
 * @param initSteps rounds of k-means||
 * @param given the initial centroids where {@code initMode} is {@code given}, else null
 * @param nInit fits from different initial centroids, of which the one of least cost is kept
 * @param emptyCluster what becomes of clusters without rows
 */
public record KMeansConfig(
    int k,
    int maxIter,
    double tol,
    long seed,
    String initMode,
    int initSteps,
    Centroids given,
    int nInit,
    EmptyCluster emptyCluster)
    implements Serializable {
  /** Coordinates of all centroids together: what one array of Java's holds. */
  public static final int MOST_COORDINATES = Integer.MAX_VALUE - 8;

  public static final String PARALLEL = "k-means||";
  public static final String RANDOM = "random";
  public static final String GIVEN = "given";

  public KMeansConfig {
    require(k >= 1, "k", k, "at least 1");
    require(maxIter >= 0, "maxIter", maxIter, "at least 0");
    require(tol >= 0, "tol", tol, "at least 0");
    require(initSteps >= 1, "initSteps", initSteps, "at least 1");
    require(nInit >= 1, "nInit", nInit, "at least 1");
    require(
        initMode.equals(PARALLEL) || initMode.equals(RANDOM) || initMode.equals(GIVEN),
        "initMode",
        initMode,
        PARALLEL + ", " + RANDOM + " or given centroids");
    require(
        (given != null) == initMode.equals(GIVEN), "initial centroids", given, "with mode given");
    require(
        given == null || given.k() == k,
        "k",
        k,
        "the number of initial centroids, " + (given == null ? 0 : given.k()));
  }

  /** One fit; empty clusters keep their centroids. */
  public KMeansConfig(
      int k, int maxIter, double tol, long seed, String initMode, int initSteps, Centroids given) {
    this(k, maxIter, tol, seed, initMode, initSteps, given, 1, EmptyCluster.KEEP);
  }

  /** This with another number of fits and another rule for clusters without rows. */
  public KMeansConfig with(int fits, EmptyCluster rule) {
    return new KMeansConfig(k, maxIter, tol, seed, initMode, initSteps, given, fits, rule);
  }

  /** The largest k for vectors of this dimension, in an error's words. */
  public static String most(int dimension) {
    return String.format(
        Locale.ROOT,
        "at most %,d, for %,d coordinates of all centroids at dimension %d",
        MOST_COORDINATES / dimension,
        MOST_COORDINATES,
        dimension);
  }

  /**
   * Refuses more centroids than this driver can hold, before anything is computed.
   *
   * @param rows of the data; there are no more centroids than these
   * @throws IllegalArgumentException where they are beyond an array, or the old and the new ones
   *     beyond the heap
   */
  public void checkSize(long rows, int dimension) {
    long coordinates = Math.min(k, rows) * dimension;
    require(coordinates <= MOST_COORDINATES, "k", k, most(dimension));
    long heap = Runtime.getRuntime().maxMemory();
    if (2 * Float.BYTES * coordinates > heap) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "k is %d: old and new centroids take %,d bytes (expected less than the driver's heap,"
                  + " %,d bytes); choose a smaller k, or give a larger heap: FLASHLLOYD_HEAP for"
                  + " the launcher, --driver-memory for spark-submit",
              k,
              2 * Float.BYTES * coordinates,
              heap));
    }
  }

  /**
   * The configuration of one of the {@code nInit} fits: the seeds are {@code seed}, {@code seed +
   * 1} and so on.
   */
  KMeansConfig attempt(int number) {
    return new KMeansConfig(
        k, maxIter, tol, seed + number, initMode, initSteps, given, 1, emptyCluster);
  }

  private static void require(boolean holds, String name, Object actual, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s is %s (expected %s)".formatted(name, actual, expected));
    }
  }

  Initializer initializer(EngineSettings engine, Progress progress) {
    return switch (initMode) {
      case RANDOM -> new RandomInitializer(k, seed, engine);
      case GIVEN -> new GivenCentroids(given);
      default -> new KMeansParallelInitializer(k, initSteps, seed, engine, progress);
    };
  }
}
