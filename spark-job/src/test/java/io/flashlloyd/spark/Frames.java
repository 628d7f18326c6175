package io.flashlloyd.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** DataFrames with a features column of every type that can hold vectors. */
final class Frames {
  private Frames() {}

  /** Rows about four means, a third of their coordinates zero. */
  static List<float[]> rows(int count, int dimension, long seed) {
    Random random = new Random(seed);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] row = new float[dimension];
      for (int t = 0; t < dimension; t++) {
        row[t] = random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian() + 9f * (i % 4);
      }
      rows.add(row);
    }
    return rows;
  }

  static Dataset<Row> dense(List<float[]> rows) {
    return frame(rows, SQLDataTypes.VectorType(), row -> Vectors.dense(doubles(row)));
  }

  static Dataset<Row> sparse(List<float[]> rows) {
    return frame(rows, SQLDataTypes.VectorType(), row -> Vectors.dense(doubles(row)).toSparse());
  }

  static Dataset<Row> floats(List<float[]> rows, boolean containsNull) {
    DataType type = DataTypes.createArrayType(DataTypes.FloatType, containsNull);
    return frame(rows, type, Frames::boxed);
  }

  static Dataset<Row> doubles(List<float[]> rows, boolean containsNull) {
    DataType type = DataTypes.createArrayType(DataTypes.DoubleType, containsNull);
    return frame(rows, type, Frames::doubles);
  }

  /** Columns {@code id} and {@code features}, in one partition. */
  static Dataset<Row> frame(List<float[]> rows, DataType type, Function<float[], Object> features) {
    List<Row> table = new ArrayList<>();
    for (float[] row : rows) {
      table.add(RowFactory.create(table.size(), features.apply(row)));
    }
    return frame(type, table);
  }

  static Dataset<Row> frame(DataType type, List<Row> table) {
    StructType schema =
        new StructType().add("id", DataTypes.IntegerType).add("features", type, true);
    return LocalSpark.session().createDataFrame(table, schema).coalesce(1);
  }

  static double[] doubles(float[] row) {
    double[] wide = new double[row.length];
    for (int t = 0; t < row.length; t++) {
      wide[t] = row[t];
    }
    return wide;
  }

  private static Float[] boxed(float[] row) {
    Float[] boxed = new Float[row.length];
    for (int t = 0; t < row.length; t++) {
      boxed[t] = row[t];
    }
    return boxed;
  }
}
