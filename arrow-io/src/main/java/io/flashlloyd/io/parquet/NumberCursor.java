package io.flashlloyd.io.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnDescriptor;

/** The integers of one flat column in one row group, nulls included. */
final class NumberCursor {
  private final int maxDefinition;
  private final int size;
  private final PageCursor page;
  private ByteBuffer values = ByteBuffer.allocate(0);
  private int at;
  private int nextValue;
  private long value;

  NumberCursor(ColumnDescriptor column, ColumnPages pages) throws IOException {
    this.maxDefinition = column.getMaxDefinitionLevel();
    this.size = PageCursor.size(column.getPrimitiveType());
    this.page = new PageCursor(column, pages);
  }

  /** Moves to the next row; false when its value is null. */
  boolean next() throws IOException {
    if (at == page.count()) {
      nextPage();
    }
    boolean present = page.definition()[at++] == maxDefinition;
    if (present) {
      value = size == 4 ? values.getInt(nextValue) : values.getLong(nextValue);
      nextValue += size;
    }
    return present;
  }

  long value() {
    return value;
  }

  private void nextPage() throws IOException {
    if (!page.next()) {
      throw new EOFException("A column ends before the row group's last row");
    }
    int present = 0;
    for (int i = 0; i < page.count(); i++) {
      present += page.definition()[i] == maxDefinition ? 1 : 0;
    }
    if (values.capacity() < present * size) {
      values = ByteBuffer.allocate(present * size).order(ByteOrder.LITTLE_ENDIAN);
    }
    page.values().copy(values, 0, present);
    at = 0;
    nextValue = 0;
  }
}
