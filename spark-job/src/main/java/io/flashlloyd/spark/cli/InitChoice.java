package io.flashlloyd.spark.cli;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.fit.KMeansConfig;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What {@code --init} says: a rule, or a file of centroids. */
record InitChoice(String init) {
  /** Of {@link KMeansConfig}. */
  String mode() {
    return switch (init) {
      case "kmeans-parallel", KMeansConfig.PARALLEL -> KMeansConfig.PARALLEL;
      case KMeansConfig.RANDOM -> KMeansConfig.RANDOM;
      default -> KMeansConfig.GIVEN;
    };
  }

  boolean isGiven() {
    return mode().equals(KMeansConfig.GIVEN);
  }

  /**
   * The configuration; a file is read.
   *
   * @param k null: as many as the file has
   * @param dimension of the data
   */
  KMeansConfig config(
      Integer k, int dimension, int maxIter, double tol, long seed, Configuration hadoop)
      throws IOException {
    Centroids given = isGiven() ? read(hadoop) : null;
    if (given != null && given.dimension() != dimension) {
      throw new IllegalArgumentException(
          "--init %s has dimension %d (expected %d, as the data)"
              .formatted(init, given.dimension(), dimension));
    }
    if (given != null && k != null && given.k() != k) {
      throw new IllegalArgumentException(
          "--k is %d (expected %d, as --init %s has; or leave --k away)"
              .formatted(k, given.k(), init));
    }
    return new KMeansConfig(k == null ? given.k() : k, maxIter, tol, seed, mode(), 2, given);
  }

  private Centroids read(Configuration hadoop) throws IOException {
    Path path = StoragePath.of(init);
    if (!path.getFileSystem(hadoop).exists(path)) {
      throw new VectorInputException(
          "--init %s is neither kmeans-parallel, random nor a file that exists; check the path"
              .formatted(init));
    }
    CentroidMatrix matrix = CentroidFiles.read(init, hadoop);
    return new Centroids(matrix.values(), matrix.k(), matrix.dimension());
  }
}
