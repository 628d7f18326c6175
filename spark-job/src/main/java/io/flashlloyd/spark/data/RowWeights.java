package io.flashlloyd.spark.data;

import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorReaders;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.WeightReader;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A weight column and the power of two that its weights are multiplied by before they are rounded,
 * once, to integers (contract section 4).
 *
 * @param exponent of the power of two; 0 where all weights are whole numbers
 */
public record RowWeights(String column, int exponent) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int PORTION = 1 << 16;

  /**
   * Goes through the column once, before anything else is read: the scale depends on all weights.
   *
   * @throws IllegalArgumentException where the column is missing, no number or 0 throughout; a
   *     weight that is none makes the job fail with a {@link VectorInputException}
   */
  public static RowWeights of(Dataset<?> data, String column) {
    checkType(data, column);
    List<byte[]> parts =
        data.select(data.col(column).cast(DataTypes.DoubleType))
            .javaRDD()
            .mapPartitionsWithIndex(
                (partition, rows) ->
                    List.of(JavaBytes.of(statistics(rows, column, partition))).iterator(),
                true)
            .collect();
    WeightStatistics all = new WeightStatistics();
    parts.forEach(part -> all.merge(JavaBytes.read(part)));
    return all.allZero() && data.isEmpty() ? new RowWeights(column, 0) : of(column, all);
  }

  /**
   * The same of the column that the files' spec names, by tasks over splits.
   *
   * @throws IllegalArgumentException where weights are 0 throughout
   */
  public static RowWeights of(JavaSparkContext spark, VectorDataset dataset) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    List<Integer> splits = IntStream.range(0, dataset.splits().size()).boxed().toList();
    WeightStatistics all = new WeightStatistics();
    spark
        .parallelize(splits, Math.min(splits.size(), Math.max(2, spark.defaultParallelism())))
        .map(split -> JavaBytes.of(statistics(dataset, split, hadoop.value())))
        .collect()
        .forEach(part -> all.merge(JavaBytes.read(part)));
    return of(dataset.spec().weightColumn(), all);
  }

  private static RowWeights of(String column, WeightStatistics all) {
    if (all.allZero()) {
      throw new IllegalArgumentException(
          "Column %s has only weights of 0 (expected at least one above 0)".formatted(column));
    }
    return new RowWeights(column, all.exponent());
  }

  private static WeightStatistics statistics(
      VectorDataset dataset, int number, Configuration hadoop) throws IOException {
    VectorSplit split = dataset.splits().get(number);
    WeightStatistics statistics = new WeightStatistics();
    try (WeightReader reader = VectorReaders.openWeights(dataset, split, hadoop)) {
      long row = split.firstRowInFile();
      for (double[] some = reader.next(PORTION); some != null; some = reader.next(PORTION)) {
        for (double weight : some) {
          statistics.add(check(false, weight, split.uri(), row++));
        }
      }
    }
    return statistics;
  }

  static void checkType(Dataset<?> data, String column) {
    DataType type = ColumnField.type(data.schema(), "Weight column", column);
    if (!(type instanceof NumericType)) {
      throw new IllegalArgumentException(
          "Weight column %s has type %s (expected a numeric type)"
              .formatted(column, type.catalogString()));
    }
  }

  private static WeightStatistics statistics(
      java.util.Iterator<Row> rows, String column, int partition) throws VectorInputException {
    WeightStatistics statistics = new WeightStatistics();
    String subject = subject(column, partition);
    for (long row = 0; rows.hasNext(); row++) {
      Row next = rows.next();
      statistics.add(
          check(next.isNullAt(0), next.isNullAt(0) ? 0 : next.getDouble(0), subject, row));
    }
    return statistics;
  }

  static String subject(String column, int partition) {
    return "column %s, partition %d".formatted(column, partition);
  }

  /** The weight, if it is one; the words in capitals are MLlib's. */
  private static double check(boolean missing, double weight, String subject, long row)
      throws VectorInputException {
    if (missing || Double.isNaN(weight)) {
      throw VectorInputException.inRow(
          subject,
          row,
          "Weights MUST NOT be Null or NaN, but got %s (expected a number of at least 0)"
              .formatted(missing ? "null" : weight));
    }
    if (weight < 0 || Double.isInfinite(weight)) {
      throw VectorInputException.inRow(
          subject,
          row,
          "Weights MUST NOT be Negative or Infinity, but got %s (expected a number of at least 0)"
              .formatted(weight));
    }
    return weight;
  }

  /** The weight as an integer; 0 for one that is too small beside the others to count. */
  long quantize(boolean missing, double weight, String subject, long row)
      throws VectorInputException {
    return (long) Math.rint(Math.scalb(check(missing, weight, subject, row), exponent));
  }
}
