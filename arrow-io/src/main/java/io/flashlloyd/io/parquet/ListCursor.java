package io.flashlloyd.io.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;

/**
 * The lists of one column in one row group, one after the other, copied in bulk from page to a
 * reused row buffer. A list may go on over pages, as some writers do.
 */
final class ListCursor {
  /** Length of a list that is null. */
  static final int NULL = -1;

  private final int maxDefinition;
  private final int listDefinition;
  private final int size;
  private final boolean signed;
  private final PageCursor page;
  private PageValues values;
  private int at;
  private int end;
  private ByteBuffer row = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
  private int nullElement;

  /**
   * @param size bytes of an element of {@link #row()}: the stored ones, or 1 for a list of bytes
   */
  ListCursor(ListPath list, int size, ColumnPages pages) throws IOException {
    this.maxDefinition = list.leaf().getMaxDefinitionLevel();
    this.listDefinition = list.definition();
    this.size = size;
    this.signed =
        !(list.leaf().getPrimitiveType().getLogicalTypeAnnotation()
                instanceof IntLogicalTypeAnnotation kind)
            || kind.isSigned();
    this.page = new PageCursor(list.leaf(), pages);
    nextPage();
  }

  /** Reads the next list into {@link #row()}; its length, or {@link #NULL}. */
  int next() throws IOException {
    if (at == end) {
      throw new EOFException("A column ends before the row group's last row");
    }
    nullElement = -1;
    int length = 0;
    do {
      byte[] definition = page.definition();
      byte[] repetition = page.repetition();
      if (definition[at] < listDefinition) {
        boolean isNull = definition[at] < listDefinition - 1;
        skipOne();
        return isNull ? NULL : 0;
      }
      int start = at;
      boolean whole = true;
      do {
        whole &= definition[at] == maxDefinition;
        at++;
      } while (at < end && repetition[at] != 0);
      length += take(start, length, whole);
    } while (at == end && nextPage() && page.repetition()[0] != 0);
    return length;
  }

  /** The list that {@link #next()} read, little-endian, from position 0. */
  ByteBuffer row() {
    return row;
  }

  /** Position of the first null in that list, or -1. */
  int nullElement() {
    return nullElement;
  }

  private int take(int start, int length, boolean whole) {
    int count = at - start;
    reserve(length + count);
    if (whole) {
      values.copy(row, length * size, count);
      return count;
    }
    for (int i = 0; i < count; i++) {
      if (page.definition()[start + i] == maxDefinition) {
        values.copy(row, (length + i) * size, 1);
      } else if (nullElement < 0) {
        nullElement = length + i;
      }
    }
    return count;
  }

  private void skipOne() throws IOException {
    at++;
    if (at == end) {
      nextPage();
    }
  }

  private boolean nextPage() throws IOException {
    at = 0;
    if (!page.next()) {
      end = 0;
      return false;
    }
    end = page.count();
    values = size == 1 ? new ByteValues(page.values(), signed) : page.values();
    return true;
  }

  private void reserve(int elements) {
    if (row.capacity() < (long) elements * size) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.multiplyExact(elements, size)).order(ByteOrder.LITTLE_ENDIAN);
      larger.put(0, row, 0, row.capacity());
      row = larger;
    }
  }
}
