package io.flashlloyd.spark;

import io.flashlloyd.spark.data.RowVectors;
import java.util.Arrays;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The schema of a DataFrame with predictions. */
final class PredictionSchema {
  private PredictionSchema() {}

  /** Checks the features column and adds the prediction column. */
  static StructType append(StructType schema, String featuresCol, String predictionCol) {
    RowVectors.of(schema, featuresCol);
    if (Arrays.asList(schema.fieldNames()).contains(predictionCol)) {
      throw new IllegalArgumentException(
          "Column %s already exists (set predictionCol to another name)".formatted(predictionCol));
    }
    return schema.add(predictionCol, DataTypes.IntegerType, false);
  }
}
