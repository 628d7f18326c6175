package io.flashlloyd.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small DataFrames as text: {@code "1.5,2"} is a vector, {@code "1.5,2 3"} has weight 3. */
final class SuiteFrames {
  private SuiteFrames() {}

  /** Column {@code features}, in two partitions. */
  static Dataset<Row> vectors(String... rows) {
    List<Row> table = Arrays.stream(rows).map(row -> RowFactory.create(vector(row))).toList();
    StructType schema = new StructType().add("features", SQLDataTypes.VectorType());
    return LocalSpark.session().createDataFrame(table, schema).repartition(2);
  }

  /** Columns {@code features} and {@code weightCol}. */
  static Dataset<Row> weighted(String... rows) {
    List<Row> table =
        Arrays.stream(rows)
            .map(row -> row.split(" "))
            .map(row -> RowFactory.create(vector(row[0]), Double.parseDouble(row[1])))
            .toList();
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("weightCol", DataTypes.DoubleType);
    return LocalSpark.session().createDataFrame(table, schema).repartition(2);
  }

  static Vector vector(String text) {
    return Vectors.dense(Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray());
  }
}
