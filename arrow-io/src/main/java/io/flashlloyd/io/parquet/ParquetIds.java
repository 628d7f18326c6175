package io.flashlloyd.io.parquet;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.FileColumns;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** A column of ids, of a split's row groups or a whole file. */
final class ParquetIds implements IdReader {
  private final String uri;
  private final IdColumn column;
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
      this.column = ParquetColumns.of(uri, groups.schema(), false).ids(name);
    } catch (VectorInputException e) {
      groups.close();
      throw e;
    }
  }

  private void select(int first, int count) throws IOException {
    try {
      groups.select(List.of(column.leaf()), first, count);
    } catch (VectorInputException e) {
      groups.close();
      throw e;
    }
  }

  @Override
  public Ids next(int maxRows) throws IOException {
    if (groupRows == 0 && !nextGroup()) {
      return null;
    }
    try {
      int rows = (int) Math.min(maxRows, groupRows);
      groupRows -= rows;
      return column.type() == IdType.STRING ? nextTexts(rows) : nextNumbers(rows);
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
  }

  private boolean nextGroup() throws IOException {
    RowGroup pages = groups.next();
    if (pages == null) {
      return false;
    }
    groupRows = pages.rows();
    try {
      if (column.type() == IdType.STRING) {
        texts = column.texts(pages);
      } else {
        numbers = column.numbers(pages);
      }
    } catch (IOException | RuntimeException e) {
      throw ParquetFiles.damaged(uri, e);
    }
    return true;
  }

  private Ids nextNumbers(int rows) throws IOException {
    long[] ids = new long[rows];
    for (int i = 0; i < rows; i++, row++) {
      if (!numbers.next()) {
        throw FileColumns.nullId(uri, row, column.name());
      }
      ids[i] = column.number(numbers.value());
    }
    return Ids.ofNumbers(column.type(), ids);
  }

  private Ids nextTexts(int rows) throws IOException {
    String[] ids = new String[rows];
    for (int i = 0; i < rows; i++, row++) {
      ids[i] = texts.next();
      if (ids[i] == null) {
        throw FileColumns.nullId(uri, row, column.name());
      }
    }
    return Ids.ofTexts(ids);
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }
}
