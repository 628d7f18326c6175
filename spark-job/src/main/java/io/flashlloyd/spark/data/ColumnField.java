package io.flashlloyd.spark.data;

import org.apache.spark.SparkIllegalArgumentException;
import org.apache.spark.ml.util.SchemaUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A column by the name that a param gives it, found as Spark ML finds it: without regard to case
 * unless {@code spark.sql.caseSensitive} says so, {@code a.b} in the struct {@code a}, and in
 * backticks what has a dot in its name.
 */
public final class ColumnField {
  private ColumnField() {}

  /**
   * The column's type.
   *
   * @param role what errors call the column, such as {@code Weight column}
   * @throws IllegalArgumentException where there is none, or several, or the name cannot be parsed
   */
  public static DataType type(StructType schema, String role, String name) {
    try {
      return SchemaUtils.getSchemaField(schema, name).dataType();
    } catch (SparkIllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s %s does not exist (the DataFrame has: %s)"
              .formatted(role, name, String.join(", ", schema.fieldNames())),
          e);
    } catch (Exception e) { // Spark's AnalysisException is not declared: it is Scala's
      throw new IllegalArgumentException("%s %s: %s".formatted(role, name, e.getMessage()), e);
    }
  }
}
