package io.flashlloyd.io.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** The pages of one column in one row group: levels decoded, values ready to be copied. */
final class PageCursor {
  private final ColumnDescriptor column;
  private final PrimitiveType type;
  private final ColumnPages pages;
  private final ColumnPages.DictionaryPage dictionary;
  private byte[][] strings;
  private byte[] repetition = new byte[0];
  private byte[] definition = new byte[0];
  private int count;
  private Encoding encoding;
  private ByteBuffer data;

  PageCursor(ColumnDescriptor column, ColumnPages pages) throws IOException {
    this.column = column;
    this.type = column.getPrimitiveType();
    this.pages = pages;
    this.dictionary = pages.dictionary();
  }

  /** Loads the next page; false at the end of the row group. */
  boolean next() throws IOException {
    ColumnPages.Page page = pages.next();
    if (page == null) {
      return false;
    }
    count = page.count();
    encoding = page.encoding();
    data = page.data();
    if (definition.length < count) {
      repetition = new byte[count];
      definition = new byte[count];
    }
    if (page.repetition() != null) {
      LevelDecoder.decode(page.repetition(), column.getMaxRepetitionLevel(), repetition, count);
    }
    if (page.definition() != null) {
      LevelDecoder.decode(page.definition(), column.getMaxDefinitionLevel(), definition, count);
    }
    return true;
  }

  /** Levels in the page: values, nulls and empty lists. */
  int count() {
    return count;
  }

  /** [count] where 0 starts a row. */
  byte[] repetition() {
    return repetition;
  }

  /** [count] where the column's maximum is a value. */
  byte[] definition() {
    return definition;
  }

  /** The page's numbers, from the first. Called once a page. */
  PageValues values() {
    int size = size(type);
    if (encoding.usesDictionary() && dictionary != null) {
      return new DictionaryValues(dictionary.data(), size, data, count);
    }
    return switch (encoding) {
      case PLAIN -> new PlainValues(data, size);
      case DELTA_BINARY_PACKED -> new DeltaValues(data, size, count);
      case BYTE_STREAM_SPLIT -> new StreamSplitValues(data, size);
      case DELTA_BYTE_ARRAY -> new StringValues(strings(), size);
      default -> throw new IllegalArgumentException("numbers encoded as " + encoding);
    };
  }

  /** The page's strings of bytes, from the first. Called once a page. */
  ByteStrings strings() {
    int length =
        type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY
            ? type.getTypeLength()
            : 0;
    if (encoding.usesDictionary() && dictionary != null && strings == null) {
      strings = ByteStrings.dictionary(dictionary.data(), length, dictionary.count());
    }
    return ByteStrings.of(encoding, data, length, count, strings);
  }

  /** Bytes of a number as it is stored. */
  static int size(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case DOUBLE, INT64 -> 8;
      case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
      default -> 4;
    };
  }
}
