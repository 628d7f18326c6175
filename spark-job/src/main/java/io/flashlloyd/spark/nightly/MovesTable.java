package io.flashlloyd.spark.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.flashlloyd.spark.report.RowMoves;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * {@code moves.parquet}, a folder as Spark writes it: {@code id}, {@code old_cluster}, {@code
 * new_cluster} of every row that is not where it was; null where a row is new or gone. One shuffle
 * by id over both runs' assignments; counts are observed on the way.
 */
final class MovesTable {
  static final String NAME = "moves.parquet";

  /**
   * What became of rows.
   *
   * @param changed kept or moved rows whose cluster or distance is another: with the same
   *     centroids, rows whose vectors are others
   */
  record Counts(RowMoves moves, long changed) {}

  private MovesTable() {}

  /**
   * Writes the table.
   *
   * @param before assignments of the previous run
   * @param after those of this one
   * @param filter which of the rows to write, besides those that stayed
   * @throws IllegalArgumentException where an id names two rows of one run, or is of another type
   */
  static Counts write(Dataset<Row> before, Dataset<Row> after, String filter, RunFolder folder)
      throws IOException {
    checkTypes(type(before), type(after));
    Observation seen = new Observation();
    Dataset<Row> rows =
        side(before, "old", "new")
            .unionByName(side(after, "new", "old"))
            .groupBy("id")
            .agg(
                expr("max(old_cluster) as old_cluster"),
                expr("max(new_cluster) as new_cluster"),
                expr("max(old_distance) as old_distance"),
                expr("max(new_distance) as new_distance"),
                expr("count(old_cluster) as olds"),
                expr("count(new_cluster) as news"))
            .observe(
                seen,
                count("kept", "old_cluster = new_cluster"),
                count("moved", "old_cluster != new_cluster"),
                count("added", "old_cluster is null"),
                count("gone", "new_cluster is null"),
                count("changed", "old_cluster != new_cluster or old_distance != new_distance"),
                expr("max(if(olds > 1 or news > 1, cast(id as string), null)) as twice"));
    rows.filter("not (old_cluster <=> new_cluster)")
        .filter(filter)
        .select("id", "old_cluster", "new_cluster")
        .write()
        .parquet(folder.path(NAME).toString());
    try {
      return counts(seen.getAsJava());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while moves were counted");
    }
  }

  private static Counts counts(Map<String, Object> seen) {
    if (seen.get("twice") != null) {
      throw new IllegalArgumentException(
          "Id '%s' names more than one row of a run (expected an id column that names each once)"
              .formatted(seen.get("twice")));
    }
    RowMoves moves =
        new RowMoves(
            (Long) seen.get("kept"),
            (Long) seen.get("moved"),
            (Long) seen.get("added"),
            (Long) seen.get("gone"));
    return new Counts(moves, (Long) seen.get("changed"));
  }

  private static Dataset<Row> side(Dataset<Row> assignments, String own, String other) {
    return assignments.select(
        col("id"),
        col("cluster").as(own + "_cluster"),
        col("distance").as(own + "_distance"),
        expr("cast(null as int) as " + other + "_cluster"),
        expr("cast(null as float) as " + other + "_distance"));
  }

  private static Column count(String name, String condition) {
    return expr("count_if(" + condition + ") as " + name);
  }

  private static DataType type(Dataset<Row> assignments) {
    return assignments.schema().apply("id").dataType();
  }

  private static void checkTypes(DataType before, DataType after) {
    if (before.equals(DataTypes.StringType) != after.equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          "Ids are %s (expected %s, as in the previous run)"
              .formatted(after.simpleString(), before.simpleString()));
    }
  }
}
