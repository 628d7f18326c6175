package io.flashlloyd.io.parquet;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * The pages of one column in one row group, read and decompressed one after the other. Memory is
 * taken for what is there: whatever a header says is held against the bytes of the file first.
 */
final class ColumnPages {
  /** Large enough for storage to stream. */
  private static final int WINDOW = 8 << 20;

  private static final int USUAL_HEADER = 256;

  /** Headers hold a page's least and greatest value, which may be long. */
  private static final int MOST_HEADER = 64 << 20;

  private final ColumnDescriptor column;
  private final ColumnChunkMetaData chunk;
  private final PositionedRead file;
  private final long fileEnd;
  private final BytesInputDecompressor codec;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowEnd;
  private PageHeader ahead;
  private long valuesLeft;

  /** Bytes of the file, all of them or an {@link EOFException}. */
  interface PositionedRead {
    void read(long position, byte[] target, int at, int count) throws IOException;
  }

  /**
   * A data page.
   *
   * @param count levels: values, nulls and empty lists
   * @param repetition or null, where the column has no such levels
   * @param definition or null, as well
   * @param data the values, little-endian, from position 0
   */
  record Page(
      int count,
      Encoding encoding,
      ByteBuffer repetition,
      ByteBuffer definition,
      ByteBuffer data) {}

  /** A dictionary of PLAIN values, little-endian, from position 0. */
  record DictionaryPage(int count, ByteBuffer data) {}

  /**
   * @param fileEnd where pages end at the latest
   */
  ColumnPages(
      ColumnDescriptor column,
      ColumnChunkMetaData chunk,
      PositionedRead file,
      long fileEnd,
      BytesInputDecompressor codec) {
    this.column = column;
    this.chunk = chunk;
    this.file = file;
    this.fileEnd = fileEnd;
    this.codec = codec;
    this.windowEnd = chunk.getStartingPos();
    this.valuesLeft = chunk.getValueCount();
  }

  /** The dictionary, or null. Comes before the pages. */
  DictionaryPage dictionary() throws IOException {
    ahead = header();
    if (ahead == null || ahead.getType() != PageType.DICTIONARY_PAGE) {
      return null;
    }
    DictionaryPageHeader dictionary = require(ahead.getDictionary_page_header());
    ByteBuffer data = decompress(take(ahead.getCompressed_page_size()), ahead, 0);
    ahead = null;
    return new DictionaryPage(dictionary.getNum_values(), data);
  }

  /** The next page that has any level, or null behind the last. */
  Page next() throws IOException {
    while (true) {
      PageHeader header = ahead != null ? ahead : header();
      ahead = null;
      if (header == null) {
        return null;
      }
      ByteBuffer stored = take(header.getCompressed_page_size());
      Page page =
          switch (header.getType()) {
            case DATA_PAGE -> first(header, stored);
            case DATA_PAGE_V2 -> second(header, stored);
            default -> null;
          };
      if (page != null && page.count() > 0) {
        return page;
      }
    }
  }

  private Page first(PageHeader header, ByteBuffer stored) throws IOException {
    DataPageHeader page = require(header.getData_page_header());
    int count = count(page.getNum_values());
    ByteBuffer data = decompress(stored, header, 0);
    ByteBuffer repetition =
        levels(column.getMaxRepetitionLevel(), page.getRepetition_level_encoding(), data);
    ByteBuffer definition =
        levels(column.getMaxDefinitionLevel(), page.getDefinition_level_encoding(), data);
    return new Page(count, encoding(page.getEncoding()), repetition, definition, rest(data));
  }

  private static ByteBuffer levels(
      int maxLevel, org.apache.parquet.format.Encoding encoding, ByteBuffer data) {
    if (maxLevel == 0) {
      return null;
    }
    if (encoding != org.apache.parquet.format.Encoding.RLE) {
      throw new IllegalArgumentException(
          "Levels are encoded as %s (expected RLE); rewrite the file with a current writer"
              .formatted(encoding));
    }
    return slice(data, data.getInt());
  }

  private Page second(PageHeader header, ByteBuffer stored) throws IOException {
    DataPageHeaderV2 page = require(header.getData_page_header_v2());
    int count = count(page.getNum_values());
    int before = stored.position();
    ByteBuffer repetition = slice(stored, page.getRepetition_levels_byte_length());
    ByteBuffer definition = slice(stored, page.getDefinition_levels_byte_length());
    int levels = stored.position() - before;
    ByteBuffer data = page.isIs_compressed() ? decompress(stored, header, levels) : rest(stored);
    return new Page(
        count,
        encoding(page.getEncoding()),
        column.getMaxRepetitionLevel() == 0 ? null : repetition,
        column.getMaxDefinitionLevel() == 0 ? null : definition,
        data);
  }

  private int count(int values) {
    if (values < 0 || values > valuesLeft) {
      throw new IllegalArgumentException(
          "a page of %s has %d values, its column %d more"
              .formatted(chunk.getPath(), values, valuesLeft));
    }
    valuesLeft -= values;
    return values;
  }

  private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
    return Encoding.valueOf(require(encoding).name());
  }

  private static <T> T require(T part) {
    if (part == null) {
      throw new IllegalArgumentException("a page's header lacks what its type asks for");
    }
    return part;
  }

  /** The next header, or null where all values have been seen. */
  private PageHeader header() throws IOException {
    if (valuesLeft == 0) {
      return null;
    }
    int size = USUAL_HEADER;
    while (true) {
      int have = (int) Math.min(size, window.remaining() + fileEnd - windowEnd);
      load(have);
      ByteBuffer view = window.duplicate();
      try {
        ThriftLengths.skip(view);
        int length = view.position() - window.position();
        ByteBuffer bytes = slice(window, length);
        return Util.readPageHeader(
            new ByteArrayInputStream(
                bytes.array(), bytes.arrayOffset() + bytes.position(), length));
      } catch (BufferUnderflowException e) {
        if (windowEnd == fileEnd || window.remaining() > MOST_HEADER) {
          throw e;
        }
        size = 4 * window.remaining();
      }
    }
  }

  private ByteBuffer take(int bytes) throws IOException {
    load(bytes);
    return slice(window, bytes);
  }

  /** Sees to it that the window has so many bytes. Pages keep the one they came from. */
  private void load(int bytes) throws IOException {
    int have = window.remaining();
    if (bytes < 0 || bytes > have + fileEnd - windowEnd) {
      throw new EOFException("a page of %s has %d bytes".formatted(chunk.getPath(), bytes));
    }
    if (have >= bytes) {
      return;
    }
    // Some writers forgot the dictionary's header in the size of the chunk.
    long left = have + chunk.getStartingPos() + chunk.getTotalSize() - windowEnd;
    byte[] larger = new byte[(int) Math.max(bytes, Math.min(left, WINDOW))];
    window.get(larger, 0, have);
    file.read(windowEnd, larger, have, larger.length - have);
    windowEnd += larger.length - have;
    window = ByteBuffer.wrap(larger);
  }

  private ByteBuffer decompress(ByteBuffer stored, PageHeader header, int levels)
      throws IOException {
    int size = header.getUncompressed_page_size() - levels;
    if (chunk.getCodec() == CompressionCodecName.UNCOMPRESSED) {
      return rest(stored);
    }
    if (!stored.hasRemaining() || size == 0) { // a page of nulls
      return rest(ByteBuffer.allocate(0));
    }
    requirePlausible(stored, size);
    return rest(codec.decompress(BytesInput.from(stored), size).toInputStream().slice(size));
  }

  private void requirePlausible(ByteBuffer stored, int size) {
    // A column's bytes are counted twice, in the footer and by page; and nothing shrinks like that.
    long usual = 64L * stored.remaining() + (1 << 16);
    boolean plausible = size > 0 && (size <= usual || size <= chunk.getTotalUncompressedSize());
    // Snappy has the length in its data, too, and takes memory by it.
    if (chunk.getCodec() == CompressionCodecName.SNAPPY) {
      plausible &= Varints.unsigned(stored.duplicate()) == size;
    }
    if (!plausible) {
      throw new IllegalArgumentException(
          "a page of %s has %d bytes, from %d in %s"
              .formatted(chunk.getPath(), size, stored.remaining(), chunk.getCodec()));
    }
  }

  private static ByteBuffer slice(ByteBuffer from, int bytes) {
    if (bytes < 0 || bytes > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = from.slice(from.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + bytes);
    return slice;
  }

  private static ByteBuffer rest(ByteBuffer from) {
    return slice(from, from.remaining());
  }
}
