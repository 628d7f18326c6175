package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.WeightReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/** A column of numbers of a split's row groups, as float64. */
final class ParquetWeights implements WeightReader {
  private final String uri;
  private final RowGroups groups;
  private final ColumnDescriptor leaf;
  private final LongToDoubleFunction value;
  private NumberCursor numbers;
  private long groupRows;

  ParquetWeights(VectorSplit split, String name, Configuration hadoop) throws IOException {
    this.uri = split.uri();
    this.groups = new RowGroups(uri, hadoop);
    try {
      this.leaf = find(uri, groups.schema(), name);
      this.value = value(leaf.getPrimitiveType());
      groups.select(List.of(leaf), split.firstPart(), split.parts());
    } catch (VectorInputException e) {
      groups.close();
      throw e;
    }
  }

  private static ColumnDescriptor find(String uri, MessageType schema, String name)
      throws VectorInputException {
    for (ColumnDescriptor column : schema.getColumns()) {
      if (String.join(".", column.getPath()).equals(name)
          && column.getMaxRepetitionLevel() == 0
          && value(column.getPrimitiveType()) != null) {
        return column;
      }
    }
    throw VectorInputException.inFile(
        uri,
        "has no column '%s' of weights (expected integers, decimals of 64 bits, float or double)"
            .formatted(name));
  }

  /** How a stored number is meant; null for a type that is none. */
  private static LongToDoubleFunction value(PrimitiveType type) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> bits -> Float.intBitsToFloat((int) bits);
      case DOUBLE -> Double::longBitsToDouble;
      case INT32, INT64 -> {
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
          yield unscaled -> BigDecimal.valueOf(unscaled, decimal.getScale()).doubleValue();
        }
        boolean signed =
            meaning == null
                || (meaning instanceof IntLogicalTypeAnnotation kind && kind.isSigned());
        yield signed ? number -> (double) number : null;
      }
      default -> null;
    };
  }

  @Override
  public double[] next(int maxRows) throws IOException {
    try {
      while (groupRows == 0) {
        RowGroup group = groups.next();
        if (group == null) {
          return null;
        }
        groupRows = group.rows();
        numbers = new NumberCursor(leaf, group.pages(leaf));
      }
      double[] weights = new double[(int) Math.min(maxRows, groupRows)];
      for (int row = 0; row < weights.length; row++) {
        weights[row] = numbers.next() ? value.applyAsDouble(numbers.value()) : Double.NaN;
      }
      groupRows -= weights.length;
      return weights;
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }
}
