package io.flashlloyd.spark.run;

import static org.apache.spark.sql.functions.col;

import io.flashlloyd.spark.data.ByName;
import io.flashlloyd.spark.report.Counts;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A few clusters for people to look at: the rows nearest to their centroids, by id. */
public final class ClusterExamples {
  private static final int CLUSTERS = 6;
  private static final int ROWS = 8;

  private ClusterExamples() {}

  /**
   * A line for each of the tightest clusters that are at least of median size.
   *
   * @param run a folder that {@code fit} wrote
   * @param idColumn what named its rows; null where they have numbers
   */
  public static List<String> of(SparkSession spark, String run, String idColumn) {
    Dataset<Row> clusters = ByName.read(spark).parquet(run + "/clusters.parquet");
    Dataset<Row> assignments = ByName.read(spark).parquet(run + "/" + RowAssignment.FOLDER);
    long median =
        clusters
            .selectExpr("cast(percentile_disc(0.5) within group (order by size) as bigint)")
            .first()
            .getLong(0);
    List<String> lines = new ArrayList<>();
    for (Row cluster :
        clusters
            .filter(col("size").geq(median).and(col("size").gt(0)))
            .orderBy(col("distance_p50"), col("cluster"))
            .limit(CLUSTERS)
            .collectAsList()) {
      int index = cluster.getAs("cluster");
      List<String> ids = nearest(assignments, index);
      lines.add(
          "cluster %d, %s: %s"
              .formatted(
                  index,
                  Counts.of(cluster.<Long>getAs("size"), "row"),
                  idColumn == null ? numbered(ids) : String.join(" ", ids)));
    }
    return lines;
  }

  private static String numbered(List<String> rows) {
    return (rows.size() == 1 ? "row " : "rows ") + String.join(", ", rows);
  }

  private static List<String> nearest(Dataset<Row> assignments, int cluster) {
    return assignments
        .filter(col("cluster").equalTo(cluster))
        .orderBy(col("distance"), col("id"))
        .limit(ROWS)
        .collectAsList()
        .stream()
        .map(row -> String.valueOf(row.<Object>getAs("id")))
        .toList();
  }
}
