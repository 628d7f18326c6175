package io.flashlloyd.spark.nightly;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.RunReport;
import java.util.Map;

/**
 * How to fit, where reindex does; what is null is as in the previous run.
 *
 * @param init {@code k-means||} or {@code random}, of a fit from scratch
 */
public record Refit(Integer k, Integer maxIter, Double tol, Long seed, String init) {
  /** This, with the previous run's parameters where it says nothing. */
  Refit after(RunReport previous) {
    Map<String, Object> then = previous.parameters();
    return new Refit(
        k != null ? k : Integer.valueOf(previous.k()),
        maxIter != null ? maxIter : Integer.valueOf(number(then, "maxIter", 20).intValue()),
        tol != null ? tol : Double.valueOf(number(then, "tol", 1e-4).doubleValue()),
        seed != null ? seed : Long.valueOf(number(then, "seed", 1).longValue()),
        init != null ? init : initOf(then));
  }

  private static Number number(Map<String, Object> parameters, String name, Number otherwise) {
    return parameters.get(name) instanceof Number number ? number : otherwise;
  }

  /** A run that was given centroids says nothing about how to find others. */
  private static String initOf(Map<String, Object> parameters) {
    return KMeansConfig.RANDOM.equals(parameters.get("init"))
        ? KMeansConfig.RANDOM
        : KMeansConfig.PARALLEL;
  }

  KMeansConfig warm(Centroids start) {
    return new KMeansConfig(start.k(), maxIter, tol, seed, KMeansConfig.GIVEN, 2, start);
  }

  KMeansConfig scratch() {
    return new KMeansConfig(k, maxIter, tol, seed, init, 2, null);
  }

  void describe(Map<String, Object> parameters) {
    parameters.put("k", k);
    parameters.put("maxIter", maxIter);
    parameters.put("tol", tol);
    parameters.put("seed", seed);
    parameters.put("init", init);
  }
}
