package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.NearestSearch;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.parts.PartFit;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All groups' centroids, as a process has them once for all of its tasks. A group's are prepared
 * when the first row asks for them. Thread-safe.
 */
final class GroupCentroids implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, Centroids> centroids = new HashMap<>();
  private final DistanceMeasure measure;
  private transient Map<String, NearestSearch> searches;

  GroupCentroids(List<PartFit> fits, DistanceMeasure measure) {
    fits.forEach(fit -> centroids.put(fit.part(), fit.centroids()));
    this.measure = measure;
  }

  boolean knows(String group) {
    return centroids.containsKey(group);
  }

  /** The index of the centroid of a known group that is nearest to {@code x}, which is used up. */
  int find(String group, float[] x) {
    Centroids own = centroids.get(group);
    if (x.length != own.dimension()) {
      throw new IllegalArgumentException(
          "Row has dimension %d (expected %d, as the model)".formatted(x.length, own.dimension()));
    }
    if (!measure.prepare(x)) {
      throw new IllegalArgumentException("Row cannot be placed: " + DistanceMeasure.ZERO_VECTOR);
    }
    return searches().computeIfAbsent(group, g -> Engines.search(own)).nearest(x);
  }

  private synchronized Map<String, NearestSearch> searches() {
    if (searches == null) {
      searches = new ConcurrentHashMap<>();
    }
    return searches;
  }
}
