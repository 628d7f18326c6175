package io.flashlloyd.engine.bench;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.LloydEngine;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.Pass;
import io.flashlloyd.engine.RunningSums;
import io.flashlloyd.engine.exact.RowStatistics;
import io.flashlloyd.engine.exact.SumScale;
import java.util.List;

/** Lloyd iterations of an engine, each timed whole: pack, screen, decide, sum, merge, update. */
final class EngineRun {
  /** Untimed, for the JIT. */
  private static final double WARM_UP_SECONDS = 8;

  private final LloydEngine engine;
  private final List<HostRows> chunks;
  private final SumScale scale;
  private final RunningSums running = new RunningSums();
  private Centroids previous;
  private Centroids centroids;
  private int iterations;
  private double screened;

  EngineRun(LloydEngine engine, List<HostRows> chunks, Centroids first) {
    RowStatistics statistics = new RowStatistics(first.dimension());
    chunks.forEach(statistics::add);
    this.engine = engine;
    this.chunks = chunks;
    this.scale = SumScale.of(statistics);
    this.centroids = first;
  }

  Measured measure(String name, Shape shape, int repeats, int threads) {
    long start = System.nanoTime();
    while ((System.nanoTime() - start) * 1e-9 < WARM_UP_SECONDS) {
      iterate();
    }
    double[] seconds = new double[repeats];
    double[] raw = new double[repeats + 1];
    raw[0] = RawFma.gigaflops(threads);
    for (int i = 0; i < repeats; i++) {
      seconds[i] = iterate();
      raw[i + 1] = RawFma.gigaflops(threads);
    }
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      engine.forget(chunk);
    }
    return new Measured(
        shape.name(), shape.gigaflop(), name, seconds, Measured.median(raw));
  }

  int iterations() {
    return iterations;
  }

  /** The share of the rows that the last iteration screened. */
  double screened() {
    return screened;
  }

  double iterate() {
    long start = System.nanoTime();
    PartialSums sums;
    try (Pass pass = engine.begin(running.plan(centroids, previous, scale))) {
      for (int chunk = 0; chunk < chunks.size(); chunk++) {
        pass.feed(chunk, chunks.get(chunk), null);
      }
      sums = running.take(pass.finish());
      screened = 1 - (double) pass.unscreenedRows() / sums.rows();
    }
    iterations++;
    previous = centroids;
    centroids = update(sums);
    return (System.nanoTime() - start) * 1e-9;
  }

  private Centroids update(PartialSums sums) {
    if (scale.wide()) {
      throw new IllegalStateException("The benchmark's data needs two limbs (expected one)");
    }
    float[] values = centroids.values().clone();
    int dimension = centroids.dimension();
    for (int i = 0; i < values.length; i++) {
      long weight = sums.counts()[i / dimension];
      if (weight != 0) {
        double factor = Math.scalb((double) weight, scale.exponent(i % dimension));
        values[i] = (float) (sums.low()[i] / factor);
      }
    }
    return new Centroids(values, centroids.k(), dimension);
  }
}
