package io.flashlloyd.spark.run;

import java.io.IOException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Which cluster a run gave each id, in a table of the session's catalogs with the columns {@code
 * id} and {@code cluster}. Distances are not in it: all of them change with the centroids, while
 * few clusters do.
 */
public final class AssignmentTable {
  private static final String VIEW = "flashlloyd_assignments";

  private final SparkSession spark;
  private final String name;

  public AssignmentTable(SparkSession spark, String name) {
    this.spark = spark;
    this.name = name;
  }

  /**
   * Refuses, before any work is done, to replace rows that are not to be.
   *
   * @param replace whether rows that are there may go
   */
  public void check(boolean replace) {
    if (!replace && exists()) {
      throw new IllegalArgumentException(
          ("Table %s exists (expected none); give --overwrite to replace its rows, or another"
                  + " --output-table")
              .formatted(name));
    }
  }

  private boolean exists() {
    return spark.catalog().tableExists(name);
  }

  /** Makes the table of a run that is committed, or replaces its rows. */
  public void write(StoredRun run) throws IOException {
    run(
        run,
        "INSERT OVERWRITE TABLE %s (id, cluster) SELECT id, cluster FROM %s".formatted(name, VIEW));
  }

  /**
   * Makes it, or changes what is another in it: rows that moved, are new or are gone. What it held
   * before does not matter to the outcome.
   */
  public void merge(StoredRun run) throws IOException {
    run(
        run,
        ("MERGE INTO %s AS t USING %s AS s ON t.id = s.id"
                + " WHEN MATCHED AND NOT t.cluster <=> s.cluster"
                + " THEN UPDATE SET t.cluster = s.cluster"
                + " WHEN NOT MATCHED THEN INSERT (id, cluster) VALUES (s.id, s.cluster)"
                + " WHEN NOT MATCHED BY SOURCE THEN DELETE")
            .formatted(name, VIEW));
  }

  private void run(StoredRun run, String change) throws IOException {
    Dataset<Row> rows = run.assignments(spark).select("id", "cluster");
    try {
      if (exists()) {
        rows.createOrReplaceTempView(VIEW);
        spark.sql(change).collectAsList();
      } else {
        rows.writeTo(name).create();
      }
    } catch (AnalysisException | UnsupportedOperationException e) {
      throw new IllegalArgumentException(
          ("Output %s is written, but table %s is not (%s); expected columns id and cluster, and"
                  + " for reindex a format that has MERGE, such as Delta or Iceberg")
              .formatted(
                  run.uri(), name, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    } finally {
      spark.catalog().dropTempView(VIEW);
    }
  }
}
