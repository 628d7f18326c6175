package io.flashlloyd.spark;

import io.flashlloyd.spark.data.ColumnField;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The schema of a DataFrame with predictions by group. A cluster's index means something within its
 * group only, so that the prediction is no nominal attribute.
 */
final class GroupSchema {
  /** Types whose values are equal where their strings are. */
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.BooleanType,
          DataTypes.DateType);

  private GroupSchema() {}

  /** Checks features and group column and adds the prediction column. */
  static StructType append(StructType schema, FlashKMeansGroupParams params) {
    check(schema, params.getGroupCol());
    PredictionSchema.append(schema, params.getFeaturesCol(), params.getPredictionCol());
    boolean nullable = params.getHandleInvalid().equals(GroupParamSet.KEEP);
    return schema.add(params.getPredictionCol(), DataTypes.IntegerType, nullable);
  }

  private static void check(StructType schema, String groupCol) {
    DataType type = ColumnField.type(schema, "Group column", groupCol);
    if (!(type instanceof StringType) && !TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "Group column %s has type %s (expected string, a whole number, boolean or date; cast it)"
              .formatted(groupCol, type.catalogString()));
    }
  }
}
