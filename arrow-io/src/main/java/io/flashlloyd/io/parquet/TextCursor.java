package io.flashlloyd.io.parquet;

import java.io.EOFException;
import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;

/** The strings of one flat column in one row group. */
final class TextCursor {
  private final int maxDefinition;
  private final PageCursor page;
  private ValuesReader values;
  private int at;

  TextCursor(ColumnDescriptor column, PageReader pages) throws IOException {
    this.maxDefinition = column.getMaxDefinitionLevel();
    this.page = new PageCursor(column, pages);
  }

  /** The next row's string, or null. */
  String next() throws IOException {
    if (at == page.count()) {
      if (!page.next()) {
        throw new EOFException("A column ends before the row group's last row");
      }
      values = page.reader();
      at = 0;
    }
    return page.definition()[at++] == maxDefinition ? values.readBytes().toStringUsingUTF8() : null;
  }
}
