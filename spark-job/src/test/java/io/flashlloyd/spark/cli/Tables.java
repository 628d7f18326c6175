package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Parquet files as Spark writes them. */
final class Tables {
  static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, true);
  static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType, true);

  private Tables() {}

  /** A file of one row group with these rows. */
  static String parquet(Path file, StructType schema, List<Row> rows) throws IOException {
    Path parts = file.resolveSibling(file.getFileName() + ".parts");
    LocalSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .parquet(parts.toString());
    try (Stream<Path> children = Files.list(parts)) {
      for (Path child : children.toList()) {
        if (child.getFileName().toString().endsWith(".parquet")) {
          Files.move(child, file);
        } else {
          Files.delete(child);
        }
      }
    }
    Files.delete(parts);
    return file.toString();
  }

  /** A column {@code vector}; a null element stands for itself, a null row too. */
  static String vectors(Path file, Float[]... rows) throws IOException {
    List<Row> table = new ArrayList<>();
    for (Float[] row : rows) {
      table.add(RowFactory.create((Object) row));
    }
    return parquet(file, new StructType().add("vector", FLOATS), table);
  }

  /** Columns {@code id}, of the given type, and {@code vector}. */
  static String identified(Path file, DataType idType, List<?> ids, float[]... rows)
      throws IOException {
    List<Row> table = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      table.add(RowFactory.create(ids.get(row), boxed(rows[row])));
    }
    return parquet(file, new StructType().add("id", idType).add("vector", FLOATS), table);
  }

  static Float[] boxed(float... values) {
    Float[] boxed = new Float[values.length];
    for (int t = 0; t < boxed.length; t++) {
      boxed[t] = values[t];
    }
    return boxed;
  }

  /** Rows of a Parquet file or folder, in id order. */
  static List<Row> read(Path path, String orderBy) {
    return LocalSpark.session().read().parquet(path.toString()).orderBy(orderBy).collectAsList();
  }
}
