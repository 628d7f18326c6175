package io.flashlloyd.spark;

import io.flashlloyd.spark.data.Shared;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A Parquet table of what the driver has. It is broadcast and tasks make its rows, a slice each: a
 * task that carried its rows would have to be smaller than {@code spark.rpc.message.maxSize}, which
 * 128 MiB of centroids are not.
 */
final class DriverTable {
  /** Of one task's rows, in memory. */
  static final long SLICE_BYTES = 32L << 20;

  private DriverTable() {}

  /** Makes rows of a source, in tasks. */
  interface Rows<T> extends Serializable {
    Row row(T source, int index);
  }

  /**
   * Writes a table; its files' names are in the order of its rows.
   *
   * @param source serializable by Java, which Spark's serializer need not be; not changed meanwhile
   * @param bytes that all rows take in memory, roughly
   */
  static <T> void write(
      SparkSession spark,
      String path,
      StructType schema,
      T source,
      int count,
      long bytes,
      Rows<T> rows) {
    int slices = (int) Math.max(1, Math.min(count, (bytes + SLICE_BYTES - 1) / SLICE_BYTES));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    try (Shared<T> shared = Shared.broadcast(context, source)) {
      spark
          .createDataFrame(
              spark
                  .range(0, count, 1, slices)
                  .javaRDD()
                  .mapPartitions(indices -> made(rows, shared.value(), indices)),
              schema)
          .write()
          .parquet(path);
    }
  }

  private static <T> Iterator<Row> made(Rows<T> rows, T source, Iterator<Long> indices) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return indices.hasNext();
      }

      @Override
      public Row next() {
        return rows.row(source, indices.next().intValue());
      }
    };
  }
}
