package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A column of float32 numbers without nulls, of a whole file. One thread. */
public final class ParquetFloats implements AutoCloseable {
  private final String uri;
  private final ColumnDescriptor column;
  private final RowGroups groups;
  private NumberCursor numbers;
  private long groupRows;

  /**
   * Opens the column.
   *
   * @throws VectorInputException where the file has none of this name and type
   */
  public ParquetFloats(String uri, String name, Configuration hadoop) throws IOException {
    this.uri = uri;
    this.groups = new RowGroups(uri, hadoop);
    try {
      MessageType schema = groups.schema();
      ParquetColumns.of(uri, schema, false).named(name);
      if (!schema.getType(name).isPrimitive()
          || schema.getType(name).asPrimitiveType().getPrimitiveTypeName()
              != PrimitiveTypeName.FLOAT) {
        throw VectorInputException.inFile(
            uri,
            "column '%s' is %s (expected FLOAT); name another file"
                .formatted(name, ParquetColumns.describe(schema.getType(name))));
      }
      this.column = schema.getColumnDescription(new String[] {name});
      groups.select(List.of(column), 0, groups.count());
    } catch (IOException e) {
      groups.close();
      throw e;
    }
  }

  /** The next {@code rows} numbers, which must be there and in one row group. */
  public float[] next(int rows) throws IOException {
    try {
      if (groupRows == 0) {
        RowGroup pages = groups.next();
        groupRows = pages.rows();
        numbers = new NumberCursor(column, pages.pages(column));
      }
      groupRows -= rows;
      float[] values = new float[rows];
      for (int i = 0; i < rows; i++) {
        if (!numbers.next()) {
          throw new IOException("A number is null");
        }
        values[i] = Float.intBitsToFloat((int) numbers.value());
      }
      return values;
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }
}
