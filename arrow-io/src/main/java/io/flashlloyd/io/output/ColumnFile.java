package io.flashlloyd.io.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A Parquet file of columns without nulls, written page by page from arrays instead of row by row.
 * A row group waits in memory, encoded, until it has its rows or bytes: at most {@link #GROUP_ROWS}
 * or {@link #GROUP_BYTES}, and a page. Only texts are compressed. The file appears at {@link
 * #commit()}. One thread.
 */
public final class ColumnFile implements AutoCloseable {
  static final int GROUP_ROWS = 1 << 20;
  static final long GROUP_BYTES = 64L << 20;

  private final BesideFile file;
  private final ParquetFileWriter writer;
  private final List<ColumnDescriptor> columns;
  private final List<List<ColumnPage>> waiting = new ArrayList<>();
  private final CodecFactory codecs;
  private long rows;
  private long bytes;
  private boolean closed;

  /** Starts a file that will be {@code uri}. */
  public ColumnFile(String uri, MessageType schema, Configuration hadoop) throws IOException {
    this.file = new BesideFile(uri, hadoop);
    this.columns = schema.getColumns();
    columns.forEach(column -> waiting.add(new ArrayList<>()));
    this.codecs = new CodecFactory(hadoop, 0);
    this.writer =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(file.path(), hadoop),
            schema,
            ParquetFileWriter.Mode.CREATE,
            ParquetWriter.DEFAULT_BLOCK_SIZE,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            null,
            ParquetProperties.builder().build());
    writer.start();
  }

  /** The next rows: a page of as many values for each column, in the schema's order. */
  public void add(List<ColumnPage> pages) throws IOException {
    for (int column = 0; column < columns.size(); column++) {
      waiting.get(column).add(pages.get(column));
      bytes += pages.get(column).bytes().size();
    }
    rows += pages.get(0).rows();
    if (rows >= GROUP_ROWS || bytes >= GROUP_BYTES) {
      writeGroup();
    }
  }

  private void writeGroup() throws IOException {
    if (rows == 0) {
      return;
    }
    writer.startBlock(rows);
    for (int column = 0; column < columns.size(); column++) {
      CompressionCodecName codec = codec(columns.get(column));
      long values = waiting.get(column).stream().mapToLong(ColumnPage::values).sum();
      writer.startColumn(columns.get(column), values, codec);
      for (ColumnPage page : waiting.get(column)) {
        write(page, codecs.getCompressor(codec));
      }
      writer.endColumn();
      waiting.get(column).clear();
    }
    writer.endBlock();
    rows = 0;
    bytes = 0;
  }

  /** Levels, and those of required values that have none, are encoded in runs. */
  private void write(ColumnPage page, CompressionCodecFactory.BytesInputCompressor compressor)
      throws IOException {
    int bytes = Math.toIntExact(page.bytes().size());
    BytesInput stored = compressor.compress(page.bytes());
    writer.writeDataPage(
        page.values(),
        bytes,
        stored,
        page.statistics(),
        page.rows(),
        Encoding.RLE,
        Encoding.RLE,
        page.encoding());
  }

  private static CompressionCodecName codec(ColumnDescriptor column) {
    return column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        ? CompressionCodecName.SNAPPY
        : CompressionCodecName.UNCOMPRESSED;
  }

  /** Finishes the file and puts it in its place, over an older one. */
  public void commit() throws IOException {
    writeGroup();
    writer.end(Map.of());
    closeWriter();
    file.commit();
  }

  @Override
  public void close() throws IOException {
    try (file) {
      closeWriter();
    }
  }

  private void closeWriter() throws IOException {
    if (!closed) {
      closed = true;
      codecs.release();
      writer.close();
    }
  }
}
