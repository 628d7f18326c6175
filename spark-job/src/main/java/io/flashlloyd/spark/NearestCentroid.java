package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.NearestSearch;
import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag$;

/**
 * Rows to the indices of their nearest centroids. Travels with tasks; the centroids themselves are
 * broadcast, and a process prepares them once for all of its tasks.
 */
final class NearestCentroid implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Searches in use, by the array that a broadcast gives all tasks of this process. */
  private static final Map<float[], WeakReference<NearestSearch>> SEARCHES = new WeakHashMap<>();

  private final Broadcast<float[]> values;
  private final int k;
  private final int dimension;
  private final DistanceMeasure measure;
  private transient NearestSearch search;

  private NearestCentroid(Broadcast<float[]> values, Centroids centroids, DistanceMeasure measure) {
    this.values = values;
    this.k = centroids.k();
    this.dimension = centroids.dimension();
    this.measure = measure;
  }

  /** For this process only. */
  static NearestCentroid local(Centroids centroids, DistanceMeasure measure) {
    NearestCentroid nearest = new NearestCentroid(null, centroids, measure);
    nearest.search = Engines.search(centroids);
    return nearest;
  }

  /** For tasks. */
  static NearestCentroid shared(SparkContext spark, Centroids centroids, DistanceMeasure measure) {
    Broadcast<float[]> values =
        spark.broadcast(centroids.values(), ClassTag$.MODULE$.apply(float[].class));
    return new NearestCentroid(values, centroids, measure);
  }

  /** The index of the centroid nearest to {@code x}, which is used up; the lowest of equals. */
  int find(float[] x) {
    if (x.length != dimension) {
      throw new IllegalArgumentException(
          "Row has dimension %d (expected %d, as the model)".formatted(x.length, dimension));
    }
    if (!measure.prepare(x)) {
      throw new IllegalArgumentException("Row cannot be placed: " + DistanceMeasure.ZERO_VECTOR);
    }
    if (search == null) {
      search = ofProcess(values.value(), k, dimension);
    }
    return search.nearest(x);
  }

  private static NearestSearch ofProcess(float[] values, int k, int dimension) {
    synchronized (SEARCHES) {
      WeakReference<NearestSearch> kept = SEARCHES.get(values);
      NearestSearch search = kept == null ? null : kept.get();
      if (search == null) {
        search = Engines.search(new Centroids(values, k, dimension));
        SEARCHES.put(values, new WeakReference<>(search));
      }
      return search;
    }
  }
}
