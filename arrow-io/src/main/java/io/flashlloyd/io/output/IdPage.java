package io.flashlloyd.io.output;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Ids that wait to be a page of a Parquet column {@code id}. One thread. */
public final class IdPage {
  private final IdType type;
  private final PrimitiveType column;
  private final long[] numbers;
  private final String[] texts;

  /** Room for so many. */
  public IdPage(IdType type, int rows) {
    this.type = type;
    this.column = column(type);
    this.numbers = type == IdType.STRING ? null : new long[rows];
    this.texts = type == IdType.STRING ? new String[rows] : null;
  }

  /** The column: row numbers are int64. */
  public static PrimitiveType column(IdType type) {
    return switch (type) {
      case ROW_NUMBER, INT64 -> Types.required(PrimitiveTypeName.INT64).named("id");
      case INT32 -> Types.required(PrimitiveTypeName.INT32).named("id");
      case STRING ->
          Types.required(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named("id");
    };
  }

  public void set(int row, long id) {
    numbers[row] = id;
  }

  public void set(int row, String id) {
    texts[row] = id;
  }

  /** Ids {@code from} to {@code from + count}, of this type, for rows from {@code row} on. */
  public void set(int row, Ids ids, int from, int count) {
    for (int i = 0; i < count; i++) {
      if (texts != null) {
        texts[row + i] = ids.text(from + i);
      } else {
        numbers[row + i] = ids.number(from + i);
      }
    }
  }

  /** The first {@code rows}. */
  public ColumnPage take(int rows) {
    return switch (type) {
      case STRING -> ColumnPage.texts(column, texts, rows);
      case ROW_NUMBER, INT64 -> ColumnPage.longs(column, numbers, rows);
      case INT32 -> {
        int[] narrow = new int[rows];
        for (int i = 0; i < rows; i++) {
          narrow[i] = Math.toIntExact(numbers[i]);
        }
        yield ColumnPage.ints(column, narrow, rows);
      }
    };
  }
}
