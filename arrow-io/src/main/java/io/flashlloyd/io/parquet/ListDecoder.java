package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Lists of numbers, whatever their nullability says. */
final class ListDecoder implements VectorDecoder {
  private final String uri;
  private final SourceType source;
  private final ListCursor lists;

  ListDecoder(String uri, SourceType source, ListCursor lists) {
    this.uri = uri;
    this.source = source;
    this.lists = lists;
  }

  @Override
  public int next(long rowInFile) throws IOException {
    int length = lists.next();
    check(uri, rowInFile, length, lists);
    return length;
  }

  /** No vector may be null or hold a null. */
  static void check(String uri, long row, int length, ListCursor lists)
      throws VectorInputException {
    if (length == ListCursor.NULL) {
      throw nullVector(uri, row);
    }
    if (lists.nullElement() >= 0) {
      throw VectorInputException.inCell(
          uri,
          row,
          lists.nullElement(),
          "the value is null (expected a finite number); drop or repair the row");
    }
  }

  static VectorInputException nullVector(String uri, long row) {
    return VectorInputException.inRow(
        uri, row, "the vector is null (expected values); drop the row or fill it");
  }

  @Override
  public ByteBuffer row() {
    return lists.row();
  }

  @Override
  public SourceType source() {
    return source;
  }
}
