package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.NearestSearch;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.many.MemberFit;
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

  // Plain arrays: it is broadcast, by Kryo where Spark is set so, which leaves out the transient
  // fields of Centroids.
  private final HashMap<String, float[]> values = new HashMap<>();
  private final HashMap<String, Integer> dimensions = new HashMap<>();
  private final DistanceMeasure measure;
  private transient Map<String, NearestSearch> searches;

  GroupCentroids(List<MemberFit> fits, DistanceMeasure measure) {
    for (MemberFit fit : fits) {
      values.put(fit.member(), fit.centroids().values());
      dimensions.put(fit.member(), fit.centroids().dimension());
    }
    this.measure = measure;
  }

  boolean knows(String group) {
    return values.containsKey(group);
  }

  /** The index of the centroid of a known group that is nearest to {@code x}, which is used up. */
  int find(String group, float[] x) {
    int dimension = dimensions.get(group);
    if (x.length != dimension) {
      throw new IllegalArgumentException(
          "Row has dimension %d (expected %d, as the model)".formatted(x.length, dimension));
    }
    if (!measure.prepare(x)) {
      throw new IllegalArgumentException("Row cannot be placed: " + DistanceMeasure.ZERO_VECTOR);
    }
    return searches().computeIfAbsent(group, this::search).nearest(x);
  }

  private NearestSearch search(String group) {
    float[] own = values.get(group);
    int dimension = dimensions.get(group);
    return Engines.search(new Centroids(own, own.length / dimension, dimension));
  }

  private synchronized Map<String, NearestSearch> searches() {
    if (searches == null) {
      searches = new ConcurrentHashMap<>();
    }
    return searches;
  }
}
