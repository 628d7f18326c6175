package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/** The wanted columns of consecutive row groups, a few pages of each on the heap at a time. */
final class RowGroups implements Closeable {
  private final ParquetFile file;
  private final CompressionCodecFactory codecs;
  private List<ColumnDescriptor> columns;
  private int end;
  private int next;

  /** Opens the file and reads its footer; {@link #select} comes next. */
  RowGroups(String uri, Configuration hadoop) throws IOException {
    this.file = ParquetFile.open(uri, hadoop);
    this.codecs = HadoopReadOptions.builder(hadoop, new Path(uri)).build().getCodecFactory();
  }

  MessageType schema() {
    return file.schema();
  }

  /** How many there are in the file. */
  int count() {
    return file.groups().size();
  }

  /** Chooses the columns and row groups to read. */
  void select(List<ColumnDescriptor> wanted, int first, int count) throws VectorInputException {
    columns = wanted;
    next = first;
    end = first + count;
    if (end > count()) {
      throw VectorInputException.inFile(
          file.uri(),
          "has fewer row groups than when it was listed; it was replaced while being read");
    }
  }

  /** The next row group that has rows, or null at the end. */
  RowGroup next() throws IOException {
    while (next < end) {
      BlockMetaData group = file.groups().get(next++);
      if (group.getRowCount() > 0) {
        try {
          return new RowGroup(
              group.getRowCount(),
              columns,
              columns.stream().map(column -> pages(group, column)).toList());
        } catch (RuntimeException e) {
          throw ParquetFiles.explain(file.uri(), e);
        }
      }
    }
    return null;
  }

  private ColumnPages pages(BlockMetaData group, ColumnDescriptor column) {
    ColumnChunkMetaData chunk = ParquetShape.chunk(group, column);
    return new ColumnPages(
        column, chunk, file::read, file.pagesEnd(), codecs.getDecompressor(chunk.getCodec()));
  }

  /** Nanoseconds spent on reading bytes. */
  long nanos() {
    return file.nanos();
  }

  @Override
  public void close() throws IOException {
    codecs.release();
    file.close();
  }
}
