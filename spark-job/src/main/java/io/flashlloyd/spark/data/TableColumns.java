package io.flashlloyd.spark.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table's columns of vectors and ids, under names of ours and in types that files have. */
public final class TableColumns {
  public static final String VECTOR = "vector";
  public static final String ID = "id";
  public static final String WEIGHT = "weight";

  private static final List<String> USUAL = List.of("features", "vector", "embedding");

  private TableColumns() {}

  /**
   * The columns that a run reads.
   *
   * @param vectors the column's name, or null: the only one, or the only one of a usual name
   * @param ids the column's name, or null for none; as {@code weights}
   * @param table what errors call it
   */
  public static Dataset<Row> select(
      Dataset<Row> rows, String vectors, String ids, String weights, String table) {
    StructType schema = rows.schema();
    String column = vectors == null ? only(schema, table) : vectors;
    DataType type = ColumnField.type(schema, table + ": --column", column);
    if (!holdsVectors(type)) {
      throw new IllegalArgumentException(
          "%s: column %s is %s (expected an array of numbers, or MLlib's vectors)"
              .formatted(table, column, type.simpleString()));
    }
    List<Column> columns = new ArrayList<>(List.of(vector(column, type).as(VECTOR)));
    if (ids != null) {
      ColumnField.type(schema, table + ": --id-column", ids);
      columns.add(notNull(col(ids), ids).as(ID));
    }
    if (weights != null) {
      RowWeights.checkType(rows, weights);
      columns.add(col(weights).cast(DataTypes.DoubleType).as(WEIGHT));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static String only(StructType schema, String table) {
    List<String> all =
        Arrays.stream(schema.fields())
            .filter(field -> holdsVectors(field.dataType()))
            .map(StructField::name)
            .toList();
    List<String> usual = all.stream().filter(USUAL::contains).toList();
    List<String> best = usual.size() == 1 ? usual : all;
    if (best.size() != 1) {
      throw new IllegalArgumentException(
          "%s: columns %s hold vectors (expected one); name one with --column (the table has: %s)"
              .formatted(table, best, String.join(", ", schema.fieldNames())));
    }
    return best.get(0).contains(".") ? "`" + best.get(0) + "`" : best.get(0);
  }

  private static boolean holdsVectors(DataType type) {
    return type.equals(SQLDataTypes.VectorType())
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
  }

  /** Elements of other types become float64, and float32 where they are read. */
  private static Column vector(String name, DataType type) {
    boolean asItIs =
        !(type instanceof ArrayType array)
            || array.elementType() instanceof FloatType
            || array.elementType() instanceof ByteType;
    Column vector =
        asItIs ? col(name) : col(name).cast(DataTypes.createArrayType(DataTypes.DoubleType));
    return vector;
  }

  private static Column notNull(Column value, String name) {
    return when(value.isNotNull(), value)
        .otherwise(
            raise_error(lit("id column %s is null (expected a value); fill it".formatted(name))));
  }
}
