package io.flashlloyd.io.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.schema.PrimitiveType;

/** The pages of one column in one row group: levels decoded, values ready to be copied. */
final class PageCursor {
  private final ColumnDescriptor column;
  private final PrimitiveType type;
  private final PageReader pages;
  private final ByteBuffer plainDictionary;
  private final Dictionary dictionary;
  private byte[] repetition = new byte[0];
  private byte[] definition = new byte[0];
  private int count;
  private Encoding encoding;
  private ByteBuffer data;

  PageCursor(ColumnDescriptor column, PageReader pages) throws IOException {
    this.column = column;
    this.type = column.getPrimitiveType();
    this.pages = pages;
    DictionaryPage page = pages.readDictionaryPage();
    this.plainDictionary = page == null ? null : littleEndian(page.getBytes());
    this.dictionary = page == null ? null : dictionary(page);
  }

  /** A page's bytes can be taken once, so Parquet's own reader gets ours. */
  private Dictionary dictionary(DictionaryPage page) throws IOException {
    BytesInput bytes = BytesInput.from(plainDictionary.duplicate());
    return page.getEncoding()
        .initDictionary(
            column, new DictionaryPage(bytes, page.getDictionarySize(), page.getEncoding()));
  }

  /** Loads the next page; false at the end of the row group. */
  boolean next() throws IOException {
    DataPage page;
    do {
      page = pages.readPage();
      if (page == null) {
        return false;
      }
    } while (page.getValueCount() == 0);
    count = page.getValueCount();
    if (definition.length < count) {
      repetition = new byte[count];
      definition = new byte[count];
    }
    if (page instanceof DataPageV1 v1) {
      load(v1);
    } else {
      load((DataPageV2) page);
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
  PageValues values() throws IOException {
    int size = size(type);
    if (encoding == Encoding.PLAIN) {
      return new PlainValues(data, size);
    }
    if (encoding.usesDictionary() && dictionary != null) {
      return new DictionaryValues(plainDictionary, size, data);
    }
    return new EncodedValues(reader(), type.getPrimitiveTypeName());
  }

  /** The page's values through Parquet's own reader, for texts. Called once a page. */
  ValuesReader reader() throws IOException {
    ValuesReader reader;
    if (encoding.usesDictionary()) {
      if (dictionary == null) {
        throw new IllegalArgumentException("A page refers to a dictionary that is not there");
      }
      reader = encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary);
    } else {
      reader = encoding.getValuesReader(column, ValuesType.VALUES);
    }
    reader.initFromPage(count, ByteBufferInputStream.wrap(data.slice()));
    return reader;
  }

  /** Bytes of a number as it is stored. */
  static int size(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case DOUBLE, INT64 -> 8;
      case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
      default -> 4;
    };
  }

  private void load(DataPageV1 page) throws IOException {
    encoding = page.getValueEncoding();
    data = littleEndian(page.getBytes());
    loadLevels(column.getMaxRepetitionLevel(), page.getRlEncoding(), repetition);
    loadLevels(column.getMaxDefinitionLevel(), page.getDlEncoding(), definition);
  }

  private void loadLevels(int maxLevel, Encoding levelEncoding, byte[] levels) {
    if (maxLevel == 0) {
      return;
    }
    if (levelEncoding != Encoding.RLE) {
      throw new IllegalArgumentException(
          "Levels are encoded as %s (expected RLE); rewrite the file with a current writer"
              .formatted(levelEncoding));
    }
    int length = data.getInt();
    LevelDecoder.decode(data.slice(data.position(), length), maxLevel, levels, count);
    data.position(data.position() + length);
  }

  private void load(DataPageV2 page) throws IOException {
    encoding = page.getDataEncoding();
    data = littleEndian(page.getData());
    if (column.getMaxRepetitionLevel() > 0) {
      LevelDecoder.decode(
          littleEndian(page.getRepetitionLevels()),
          column.getMaxRepetitionLevel(),
          repetition,
          count);
    }
    if (column.getMaxDefinitionLevel() > 0) {
      LevelDecoder.decode(
          littleEndian(page.getDefinitionLevels()),
          column.getMaxDefinitionLevel(),
          definition,
          count);
    }
  }

  /** At position 0; slices keep the order only when told again, so positions are used instead. */
  private static ByteBuffer littleEndian(BytesInput bytes) throws IOException {
    return bytes
        .toInputStream()
        .slice(Math.toIntExact(bytes.size()))
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
