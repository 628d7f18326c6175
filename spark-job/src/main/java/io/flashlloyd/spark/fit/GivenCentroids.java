package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.VectorRows;
import java.util.Arrays;

/** Centroids that the user brings, taken as they are; for cosine, scaled to length 1. */
public record GivenCentroids(Centroids given) implements Initializer {
  @Override
  public Initialization centroids(VectorRows data) {
    if (given.dimension() != data.dimension()) {
      throw new IllegalArgumentException(
          "Initial centroids have dimension %d (expected %d, as the data)"
              .formatted(given.dimension(), data.dimension()));
    }
    return new Initialization(prepared(data.measure()), false);
  }

  private Centroids prepared(DistanceMeasure measure) {
    int dimension = given.dimension();
    float[] values = new float[given.values().length];
    for (int cluster = 0; cluster < given.k(); cluster++) {
      int from = cluster * dimension;
      float[] centroid = Arrays.copyOfRange(given.values(), from, from + dimension);
      if (!measure.prepare(centroid)) {
        throw new IllegalArgumentException(
            "Initial centroid %d is all zeros (Cosine distance is not defined for zero-length"
                    .formatted(cluster)
                + " vectors)");
      }
      System.arraycopy(centroid, 0, values, from, dimension);
    }
    return new Centroids(values, given.k(), dimension);
  }
}
