package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.hadoop.fs.FSDataInputStream;

/** The vector column in one record batch: checked, then a stream of its values. */
final class VectorBatch {
  private final String uri;
  private final ArrowColumn column;
  private final RecordBatchHeader header;
  private final List<RecordBatchHeader.Slot> slots;
  private final RecordBatchHeader.Slot slot;
  private final long firstRow;
  private final FSDataInputStream in;

  /**
   * @param firstRow number of the record batch's first row within the file
   */
  VectorBatch(
      String uri,
      ArrowColumn column,
      List<Field> fields,
      RecordBatchHeader header,
      long firstRow,
      FSDataInputStream in) {
    this.uri = uri;
    this.column = column;
    this.header = header;
    this.slots = header.slots(fields, column.path());
    this.slot = slots.get(slots.size() - 1);
    this.firstRow = firstRow;
    this.in = in;
  }

  long rows() {
    return header.rows();
  }

  /** Elements of the child column: rows x dimension, or more when lists were cut out of others. */
  long elements() {
    return header.length(slot.node() + 1);
  }

  /** Checks what the file's length and the metadata can tell without reading the body. */
  void checkStoredBytes() {
    int values = column.childBuffer(slot) + 1;
    long stored = header.storedBytes(values);
    long least = column.fixedSize() ? Math.multiplyExact(rows(), column.listSize()) : 0;
    long elements = elements();
    long needed = Math.multiplyExact(elements, (long) column.source().bytes());
    if (elements < least || needed / BufferStream.mostRatio(header) > stored) {
      throw new IllegalArgumentException(
          "%d bytes of values and %d elements where %d rows are"
              .formatted(stored, elements, rows()));
    }
  }

  /**
   * Checks nulls and lengths and opens the values, at the first row's first one.
   *
   * @throws VectorInputException for a null vector, a null in one, or another length
   */
  InputStream values(int dimension) throws IOException {
    checkVectors();
    long first = column.fixedSize() ? 0 : checkOffsets(dimension);
    long count = Math.multiplyExact(rows(), (long) dimension);
    int child = slot.node() + 1;
    if (header.length(child) < first + count) {
      throw new IllegalArgumentException(
          "%d elements where %d rows of dimension %d need %d"
              .formatted(header.length(child), rows(), dimension, first + count));
    }
    if (header.nulls(child) != 0) {
      checkElements(first, count, dimension);
    }
    long size = column.source().bytes();
    InputStream values =
        BufferStream.open(header, column.childBuffer(slot) + 1, (first + count) * size, in);
    values.skipNBytes(first * size);
    return values;
  }

  /** Length of the record batch's first list. */
  long firstLength() throws IOException {
    if (column.fixedSize()) {
      return column.listSize();
    }
    ByteBuffer offsets = offsets();
    return offset(offsets, 1) - offset(offsets, 0);
  }

  private void checkVectors() throws IOException {
    for (RecordBatchHeader.Slot level : slots) {
      long row = Validity.firstNull(header, level, in);
      if (row >= 0) {
        throw VectorInputException.inRow(
            uri, firstRow + row, "the vector is null (expected values); drop the row or fill it");
      }
    }
  }

  private void checkElements(long first, long count, int dimension) throws IOException {
    long element = Validity.firstUnset(header, column.childBuffer(slot), first, count, in);
    if (element >= 0) {
      throw VectorInputException.inCell(
          uri,
          firstRow + element / dimension,
          element % dimension,
          "the value is null (expected a finite number); drop or repair the row");
    }
  }

  private long checkOffsets(int dimension) throws IOException {
    ByteBuffer offsets = offsets();
    long start = offset(offsets, 0);
    long previous = start;
    for (int row = 0; row < rows(); row++) {
      long next = offset(offsets, row + 1);
      if (next - previous != dimension) {
        throw VectorInputException.ragged(uri, firstRow + row, next - previous, dimension);
      }
      previous = next;
    }
    if (start < 0) {
      throw new IllegalArgumentException("list offsets start at " + start);
    }
    return start;
  }

  private ByteBuffer offsets() throws IOException {
    long bytes = Math.multiplyExact(rows() + 1, (long) column.offsetBytes());
    return BufferStream.read(header, slot.buffer() + 1, bytes, in);
  }

  private long offset(ByteBuffer offsets, int index) {
    return column.offsetBytes() == Integer.BYTES
        ? offsets.getInt(index * Integer.BYTES)
        : offsets.getLong(index * Long.BYTES);
  }
}
