package io.flashlloyd.spark;

import io.flashlloyd.spark.data.RowVectors;
import java.util.Arrays;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
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

  /** The same, and the prediction column's metadata says that it has {@code k} values. */
  static StructType append(StructType schema, String featuresCol, String predictionCol, int k) {
    append(schema, featuresCol, predictionCol);
    NominalAttribute clusters =
        NominalAttribute.defaultAttr().withName(predictionCol).withNumValues(k);
    return schema.add(
        new StructField(predictionCol, DataTypes.IntegerType, false, clusters.toMetadata()));
  }
}
