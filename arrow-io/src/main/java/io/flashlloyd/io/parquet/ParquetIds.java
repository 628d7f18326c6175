package io.flashlloyd.io.parquet;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ColumnPick;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** A column of ids, of a split's row groups or a whole file. */
final class ParquetIds implements IdReader {
  private final String uri;
  private final ColumnDescriptor column;
  private final IdType type;
  private final RowGroups groups;
  private NumberCursor numbers;
  private TextCursor texts;
  private long groupRows;
  private long row;

  /** Of a split's row groups. */
  ParquetIds(VectorSplit split, String name, Configuration hadoop) throws IOException {
    this(split.uri(), name, split.firstRowInFile(), hadoop);
    select(split.firstPart(), split.parts());
  }

  /** Of a whole file. */
  ParquetIds(String uri, String name, Configuration hadoop) throws IOException {
    this(uri, name, 0, hadoop);
    select(0, groups.count());
  }

  private ParquetIds(String uri, String name, long firstRow, Configuration hadoop)
      throws IOException {
    this.uri = uri;
    this.row = firstRow;
    this.groups = new RowGroups(uri, hadoop);
    try {
      this.type = type(uri, groups.schema(), name);
      this.column = groups.schema().getColumnDescription(new String[] {name});
    } catch (VectorInputException e) {
      groups.close();
      throw e;
    }
  }

  private void select(int first, int count) throws IOException {
    try {
      groups.select(List.of(column), first, count);
    } catch (VectorInputException e) {
      groups.close();
      throw e;
    }
  }

  /** What kind of ids a column holds. */
  static IdType type(String uri, MessageType schema, String name) throws VectorInputException {
    if (!schema.containsField(name)) {
      throw ColumnPick.missing(uri, name, ParquetFiles.describe(schema));
    }
    Type field = schema.getType(name);
    if (field.isPrimitive() && !field.isRepetition(Type.Repetition.REPEATED)) {
      PrimitiveType primitive = field.asPrimitiveType();
      LogicalTypeAnnotation meaning = primitive.getLogicalTypeAnnotation();
      boolean integer = meaning == null || meaning instanceof IntLogicalTypeAnnotation;
      boolean unsigned = meaning instanceof IntLogicalTypeAnnotation kind && !kind.isSigned();
      PrimitiveTypeName stored = primitive.getPrimitiveTypeName();
      if (stored == PrimitiveTypeName.INT32 && integer) {
        boolean wide = unsigned && ((IntLogicalTypeAnnotation) meaning).getBitWidth() == 32;
        return wide ? IdType.INT64 : IdType.INT32;
      }
      if (stored == PrimitiveTypeName.INT64 && integer && !unsigned) {
        return IdType.INT64;
      }
      if (stored == PrimitiveTypeName.BINARY && meaning instanceof StringLogicalTypeAnnotation) {
        return IdType.STRING;
      }
    }
    throw ColumnPick.wrongIdType(uri, name, ParquetFiles.describe(field));
  }

  @Override
  public Ids next(int maxRows) throws IOException {
    if (groupRows == 0 && !nextGroup()) {
      return null;
    }
    try {
      int rows = (int) Math.min(maxRows, groupRows);
      groupRows -= rows;
      return type == IdType.STRING ? nextTexts(rows) : nextNumbers(rows);
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  private boolean nextGroup() throws IOException {
    PageReadStore pages = groups.next();
    if (pages == null) {
      return false;
    }
    groupRows = pages.getRowCount();
    try {
      if (type == IdType.STRING) {
        texts = new TextCursor(column, pages.getPageReader(column));
      } else {
        numbers = new NumberCursor(column, pages.getPageReader(column));
      }
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
    return true;
  }

  private Ids nextNumbers(int rows) throws IOException {
    // An unsigned 32-bit id arrives as a negative int.
    boolean unsigned =
        type == IdType.INT64
            && column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
    long[] ids = new long[rows];
    for (int i = 0; i < rows; i++, row++) {
      if (!numbers.next()) {
        throw ColumnPick.nullId(uri, row, column.getPath()[0]);
      }
      ids[i] = unsigned ? numbers.value() & 0xffffffffL : numbers.value();
    }
    return Ids.ofNumbers(type, ids);
  }

  private Ids nextTexts(int rows) throws IOException {
    String[] ids = new String[rows];
    for (int i = 0; i < rows; i++, row++) {
      ids[i] = texts.next();
      if (ids[i] == null) {
        throw ColumnPick.nullId(uri, row, column.getPath()[0]);
      }
    }
    return Ids.ofTexts(ids);
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }
}
