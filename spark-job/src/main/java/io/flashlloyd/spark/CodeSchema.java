package io.flashlloyd.spark;

import io.flashlloyd.spark.data.RowVectors;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The schema of a DataFrame with codes: as small a type as holds the number of a centroid. */
final class CodeSchema {
  /** Codes are unsigned bytes up to this k. */
  static final int BYTES = 1 << 8;

  /** Codes are shorts up to this k. */
  private static final int SHORTS = 1 << 15;

  private CodeSchema() {}

  /** Checks the features column and adds the column of codes. */
  static StructType append(StructType schema, ProductQuantizerParams params, int k) {
    RowVectors.of(schema, params.getFeaturesCol());
    String column = params.getOutputCol();
    if (Arrays.asList(schema.fieldNames()).contains(column)) {
      throw new IllegalArgumentException(
          "Column %s already exists (set outputCol to another name)".formatted(column));
    }
    return schema.add(column, type(k), false);
  }

  /** {@code binary}, a byte for each subspace, or {@code array<short>}. */
  static DataType type(int k) {
    if (k > SHORTS) {
      throw new IllegalArgumentException(
          "k is %d (expected at most %d: codes are shorts)".formatted(k, SHORTS));
    }
    return k <= BYTES
        ? DataTypes.BinaryType
        : DataTypes.createArrayType(DataTypes.ShortType, false);
  }
}
