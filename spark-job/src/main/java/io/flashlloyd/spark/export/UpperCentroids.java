package io.flashlloyd.spark.export;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.Engines;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.NearestSearch;
import io.flashlloyd.io.lists.UpperLevel;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.LocalRows;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.report.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The upper level of a two-level index: the centroids' own clusters, found at the driver. */
final class UpperCentroids {
  private UpperCentroids() {}

  /**
   * Clusters the centroids as {@code FlashKMeans} does with its defaults and seed 1.
   *
   * @param count clusters of the upper level
   */
  static UpperLevel of(CentroidMatrix centroids, int count, EngineSettings engine) {
    int d = centroids.dimension();
    if (count >= centroids.k()) {
      throw new IllegalArgumentException(
          "--parents is %d (expected fewer than the model's %d clusters)"
              .formatted(count, centroids.k()));
    }
    float[] values = centroids.values();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    HostRows rows = new HostRows(buffer, centroids.k(), d, ElementType.FLOAT32);
    KMeansConfig config = new KMeansConfig(count, 20, 1e-4, 1, KMeansConfig.PARALLEL, 2, null);
    Centroids upper;
    try (LocalRows local = LocalRows.of(rows, DistanceMeasure.EUCLIDEAN)) {
      upper = KMeansFit.run(local, config, engine.atDriver(), Progress.silent()).centroids();
    }
    NearestSearch search = Engines.search(upper);
    int[] parents = new int[centroids.k()];
    Arrays.setAll(parents, c -> search.nearest(Arrays.copyOfRange(values, c * d, (c + 1) * d)));
    return new UpperLevel(
        new CentroidMatrix(upper.values(), upper.k(), upper.dimension()), parents);
  }
}
