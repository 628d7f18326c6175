package io.flashlloyd.spark.init;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.VectorData;

/** Centroids that the user brings, taken as they are. */
public record GivenCentroids(Centroids given) implements Initializer {
  @Override
  public Initialization centroids(VectorData data) {
    if (given.dimension() != data.dimension()) {
      throw new IllegalArgumentException(
          "Initial centroids have dimension %d (expected %d, as the data)"
              .formatted(given.dimension(), data.dimension()));
    }
    return new Initialization(given, false);
  }
}
