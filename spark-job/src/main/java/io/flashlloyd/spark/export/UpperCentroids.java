package io.flashlloyd.spark.export;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.lists.UpperLevel;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.FlashKMeans;
import io.flashlloyd.spark.FlashKMeansModel;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The upper level of a two-level index: the centroids' own clusters. */
final class UpperCentroids {
  private UpperCentroids() {}

  /**
   * Clusters the centroids.
   *
   * @param count clusters of the upper level
   * @param scratch a file that may be written
   */
  static UpperLevel of(
      SparkSession spark, CentroidMatrix centroids, int count, String engine, String scratch)
      throws IOException {
    if (count >= centroids.k()) {
      throw new IllegalArgumentException(
          "--parents is %d (expected fewer than the model's %d clusters)"
              .formatted(count, centroids.k()));
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    CentroidFiles.write(
        VectorFormat.PARQUET,
        scratch,
        centroids.values(),
        centroids.k(),
        centroids.dimension(),
        hadoop);
    Dataset<Row> rows = spark.read().parquet(scratch);
    FlashKMeansModel model =
        new FlashKMeans()
            .setFeaturesCol("vector")
            .setPredictionCol("parent")
            .setK(count)
            .setSeed(1)
            .setEngine(engine)
            .fit(rows);
    int[] parents = new int[centroids.k()];
    for (Row row : model.transform(rows).select("cluster", "parent").collectAsList()) {
      parents[row.getInt(0)] = row.getInt(1);
    }
    Centroids upper = model.centroids();
    return new UpperLevel(
        new CentroidMatrix(upper.values(), upper.k(), upper.dimension()), parents);
  }
}
