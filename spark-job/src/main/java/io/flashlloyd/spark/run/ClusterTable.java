package io.flashlloyd.spark.run;

import static org.apache.spark.sql.functions.expr;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code clusters.parquet}: a row for each cluster. Sizes and costs are the pass's exact sums; the
 * distances' percentiles are exact too (linear between two neighbours), taken from the assignments
 * just written.
 */
final class ClusterTable {
  private static final StructType SCHEMA =
      new StructType()
          .add("cluster", DataTypes.IntegerType, false)
          .add("size", DataTypes.LongType, false)
          .add("cost", DataTypes.DoubleType, false)
          .add("distance_p50", DataTypes.DoubleType)
          .add("distance_p99", DataTypes.DoubleType)
          .add("distance_max", DataTypes.DoubleType);

  private ClusterTable() {}

  /** Writes the table and returns the cost of all clusters. */
  static double write(
      SparkSession spark, RunFolder folder, PartialSums sums, SumScale scale, Centroids centroids)
      throws IOException {
    int costExponent = scale.costExponent(centroids);
    Map<Integer, Row> distances = distances(spark, folder);
    List<Row> rows = new ArrayList<>();
    for (int cluster = 0; cluster < sums.k(); cluster++) {
      Row found = distances.get(cluster);
      rows.add(
          RowFactory.create(
              cluster,
              sums.counts()[cluster],
              sums.clusterCost(cluster, costExponent),
              found == null ? null : found.getAs("p50"),
              found == null ? null : found.getAs("p99"),
              found == null ? null : found.getAs("max")));
    }
    Path parts = folder.path(".clusters");
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().parquet(parts.toString());
    for (FileStatus file : folder.files().listStatus(parts)) {
      if (file.getPath().getName().endsWith(".parquet")) {
        folder.files().rename(file.getPath(), folder.path("clusters.parquet"));
      }
    }
    folder.files().delete(parts, true);
    return sums.trainingCost(costExponent);
  }

  private static Map<Integer, Row> distances(SparkSession spark, RunFolder folder) {
    List<Row> found =
        spark
            .read()
            .parquet(folder.path(RowAssignment.FOLDER).toString())
            .groupBy("cluster")
            .agg(
                expr("percentile(distance, 0.5)").as("p50"),
                expr("percentile(distance, 0.99)").as("p99"),
                expr("cast(max(distance) as double)").as("max"))
            .collectAsList();
    Map<Integer, Row> byCluster = new HashMap<>();
    found.forEach(row -> byCluster.put(row.getAs("cluster"), row));
    return byCluster;
  }
}
