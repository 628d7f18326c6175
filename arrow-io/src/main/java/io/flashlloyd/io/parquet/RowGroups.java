package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;

/**
 * The wanted columns of consecutive row groups. Holds one row group's compressed pages of those
 * columns on the heap at a time.
 */
final class RowGroups implements Closeable {
  private final ParquetFileReader reader;
  private final String uri;
  private int end;
  private int next;
  private PageReadStore pages;
  private long nanos;

  /** Opens the file and reads its footer; {@link #select} comes next. */
  RowGroups(String uri, Configuration hadoop) throws IOException {
    this.uri = uri;
    this.reader = ParquetFiles.open(uri, hadoop);
  }

  MessageType schema() {
    return reader.getFileMetaData().getSchema();
  }

  /** How many there are in the file. */
  int count() {
    return reader.getRowGroups().size();
  }

  /** Chooses the columns and row groups to read. */
  void select(List<ColumnDescriptor> columns, int first, int count) throws VectorInputException {
    next = first;
    end = first + count;
    reader.setRequestedSchema(columns);
    if (end > reader.getRowGroups().size()) {
      throw VectorInputException.inFile(
          uri, "has fewer row groups than when it was listed; it was replaced while being read");
    }
  }

  /** The next row group that has rows, or null at the end. */
  PageReadStore next() throws IOException {
    release();
    while (next < end) {
      int group = next++;
      if (reader.getRowGroups().get(group).getRowCount() > 0) {
        long start = System.nanoTime();
        try {
          pages = reader.readRowGroup(group);
          nanos += System.nanoTime() - start;
        } catch (IOException | RuntimeException e) {
          throw ParquetFiles.explain(uri, e);
        }
        return pages;
      }
    }
    return null;
  }

  /** Nanoseconds spent on reading row groups; their pages are decompressed later. */
  long nanos() {
    return nanos;
  }

  private void release() {
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }

  @Override
  public void close() throws IOException {
    release();
    reader.close();
  }
}
