package io.flashlloyd.spark.cli;

import io.delta.sql.DeltaSparkSessionExtension;
import io.flashlloyd.spark.LocalSpark;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A session that knows tables of Delta, in its own catalog, and of Iceberg, in one called {@code
 * ice}. It is the one that commands take until it is closed.
 */
final class TableSession implements AutoCloseable {
  private final SparkSession before = LocalSpark.session();
  private final SparkSession session;

  /**
   * @param warehouse for both
   */
  TableSession(Path warehouse) {
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    session =
        SparkSession.builder()
            .withExtensions(
                extensions -> {
                  new DeltaSparkSessionExtension().apply(extensions);
                  return scala.runtime.BoxedUnit.UNIT;
                })
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.catalog.ice", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.ice.type", "hadoop")
            .config("spark.sql.catalog.ice.warehouse", warehouse.resolve("ice").toString())
            // What names a table by its path takes it from here.
            .config("spark.sql.catalog.default_iceberg", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.default_iceberg.type", "hadoop")
            .config("spark.sql.catalog.default_iceberg.warehouse", warehouse.toString())
            .getOrCreate();
    SparkSession.setDefaultSession(session);
    SparkSession.setActiveSession(session);
  }

  SparkSession spark() {
    return session;
  }

  void sql(String... statements) {
    for (String statement : statements) {
      session.sql(statement).collectAsList();
    }
  }

  @Override
  public void close() {
    SparkSession.setDefaultSession(before);
    SparkSession.setActiveSession(before);
  }
}
