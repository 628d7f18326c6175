package io.flashlloyd.spark.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.exact.SumScale;
import io.flashlloyd.spark.data.ByName;
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
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code clusters.parquet}: a row for each cluster. Sizes and costs are the pass's exact sums; the
 * distances' percentiles are taken from the assignments just written.
 */
public final class ClusterTable {
  static final String NAME = "clusters.parquet";

  private static final StructType SCHEMA =
      new StructType()
          .add("cluster", DataTypes.IntegerType, false)
          .add("size", DataTypes.LongType, false)
          .add("cost", DataTypes.DoubleType, false)
          .add("distance_p50", DataTypes.DoubleType)
          .add("distance_p99", DataTypes.DoubleType)
          .add("distance_max", DataTypes.DoubleType);

  /** Of the 23 bits of a float's fraction; 11 stay. */
  private static final int DROPPED_BITS = 12;

  private ClusterTable() {}

  /** Writes the table and returns the cost of all clusters. */
  public static double write(SparkSession spark, RunFolder folder, PartialSums sums, SumScale scale)
      throws IOException {
    double[] costs = new double[sums.k()];
    for (int cluster = 0; cluster < costs.length; cluster++) {
      costs[cluster] = sums.clusterCost(cluster, scale.costShift());
    }
    write(spark, folder, sums.counts(), costs);
    return sums.trainingCost(scale.costShift());
  }

  /** Writes the table of these sizes and costs. */
  public static void write(SparkSession spark, RunFolder folder, long[] sizes, double[] costs)
      throws IOException {
    Map<Integer, Row> distances = distances(spark, folder);
    List<Row> rows = new ArrayList<>();
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      Row found = distances.get(cluster);
      rows.add(
          RowFactory.create(
              cluster,
              sizes[cluster],
              costs[cluster],
              found == null ? null : found.getAs("p50"),
              found == null ? null : found.getAs("p99"),
              found == null ? null : found.getAs("max")));
    }
    Path parts = folder.path(".clusters");
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().parquet(parts.toString());
    for (FileStatus file : folder.files().listStatus(parts)) {
      if (file.getPath().getName().endsWith(".parquet")) {
        folder.files().rename(file.getPath(), folder.path(NAME));
      }
    }
    folder.files().delete(parts, true);
  }

  /**
   * In bounded memory whatever the clusters' sizes: distances are counted by their float's leading
   * bits, so a percentile is the largest distance of its bin, a row's own and at most 2^-11 above.
   */
  private static Map<Integer, Row> distances(SparkSession spark, RunFolder folder) {
    UDF1<Float, Integer> leadingBits = d -> Float.floatToRawIntBits(d) >>> DROPPED_BITS;
    WindowSpec cluster = Window.partitionBy("cluster");
    WindowSpec upTo = cluster.orderBy("bin");
    List<Row> found =
        ByName.read(spark)
            .parquet(folder.path(RowAssignment.FOLDER).toString())
            .withColumn("bin", udf(leadingBits, DataTypes.IntegerType).apply(col("distance")))
            .groupBy("cluster", "bin")
            .agg(expr("count(*) as n"), expr("cast(max(distance) as double) as top"))
            .withColumn("rank", sum("n").over(upTo))
            .withColumn("size", sum("n").over(cluster))
            .groupBy("cluster")
            .agg(
                expr("min(if(rank >= 0.5 * size, top, null)) as p50"),
                expr("min(if(rank >= 0.99 * size, top, null)) as p99"),
                expr("max(top) as max"))
            .collectAsList();
    Map<Integer, Row> byCluster = new HashMap<>();
    found.forEach(row -> byCluster.put(row.getAs("cluster"), row));
    return byCluster;
  }
}
