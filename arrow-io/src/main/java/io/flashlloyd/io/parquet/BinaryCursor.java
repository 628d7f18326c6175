package io.flashlloyd.io.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.Function;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.api.Binary;

/** Texts of a column of bytes. */
final class BinaryCursor implements TextCursor {
  private final int maxDefinition;
  private final Function<Binary, String> text;
  private final PageCursor page;
  private ByteStrings values;
  private int at;

  BinaryCursor(ColumnDescriptor column, ColumnPages pages, Function<Binary, String> text)
      throws IOException {
    this.maxDefinition = column.getMaxDefinitionLevel();
    this.text = text;
    this.page = new PageCursor(column, pages);
  }

  @Override
  public String next() throws IOException {
    if (at == page.count()) {
      if (!page.next()) {
        throw new EOFException("A column ends before the row group's last row");
      }
      values = page.strings();
      at = 0;
    }
    return page.definition()[at++] == maxDefinition
        ? text.apply(Binary.fromConstantByteArray(values.next()))
        : null;
  }
}
