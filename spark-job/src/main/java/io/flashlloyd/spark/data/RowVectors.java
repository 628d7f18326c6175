package io.flashlloyd.spark.data;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** How a column's internal rows hold a vector; float64 is narrowed to float32 here, once. */
public enum RowVectors {
  MLLIB {
    private static final int SPARSE = 0;

    @Override
    float[] read(InternalRow row) {
      InternalRow vector = row.getStruct(0, 4);
      ArrayData values = vector.getArray(3);
      if (vector.getByte(0) != SPARSE) {
        return narrow(values, values.numElements());
      }
      float[] dense = new float[vector.getInt(1)];
      ArrayData indices = vector.getArray(2);
      for (int i = 0; i < indices.numElements(); i++) {
        dense[indices.getInt(i)] = (float) values.getDouble(i);
      }
      return dense;
    }
  },
  FLOATS {
    @Override
    float[] read(InternalRow row) {
      ArrayData values = row.getArray(0);
      float[] vector = new float[values.numElements()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = values.isNullAt(i) ? Float.NaN : values.getFloat(i);
      }
      return vector;
    }
  },
  DOUBLES {
    @Override
    float[] read(InternalRow row) {
      ArrayData values = row.getArray(0);
      float[] vector = new float[values.numElements()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = values.isNullAt(i) ? Float.NaN : (float) values.getDouble(i);
      }
      return vector;
    }
  };

  /**
   * The row's vector; a null element reads as NaN, which is refused where finiteness is checked.
   */
  abstract float[] read(InternalRow row);

  /** Index of the row's first null element, or -1. */
  int nullElement(InternalRow row) {
    ArrayData values = this == MLLIB ? row.getStruct(0, 4).getArray(3) : row.getArray(0);
    for (int i = 0; i < values.numElements(); i++) {
      if (values.isNullAt(i)) {
        return i;
      }
    }
    return -1;
  }

  private static float[] narrow(ArrayData values, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) values.getDouble(i);
    }
    return vector;
  }

  /** For the column's type; an error names what the DataFrame has instead. */
  public static RowVectors of(StructType schema, String column) {
    DataType type = ColumnField.type(schema, "Column", column);
    if (type.equals(SQLDataTypes.VectorType())) {
      return MLLIB;
    }
    if (type instanceof ArrayType array && array.elementType().equals(DataTypes.FloatType)) {
      return FLOATS;
    }
    if (type instanceof ArrayType array && array.elementType().equals(DataTypes.DoubleType)) {
      return DOUBLES;
    }
    throw new IllegalArgumentException(
        "Column %s has type %s (expected a vector, array<float> or array<double>)"
            .formatted(column, type.catalogString()));
  }
}
