package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceFile;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/**
 * A Parquet file: its footer, checked against the file's length, and its bytes. One thread.
 *
 * <pre>
 *   PAR1 | pages ... | footer | i32 its length | PAR1
 * </pre>
 */
final class ParquetFile implements Closeable {
  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";
  private static final int TAIL = Integer.BYTES + MAGIC.length();

  private final String uri;
  private final FSDataInputStream in;
  private final long length;
  private ParquetMetadata footer;
  private long nanos;

  private ParquetFile(String uri, FSDataInputStream in, long length) {
    this.uri = uri;
    this.in = in;
    this.length = length;
  }

  static ParquetFile open(String uri, Configuration hadoop) throws IOException {
    long length = SourceFile.length(uri, hadoop);
    ParquetFile file = new ParquetFile(uri, SourceFile.open(uri, hadoop), length);
    try {
      file.readFooter();
      file.checkExtents();
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw ParquetFiles.explain(uri, e);
    }
  }

  String uri() {
    return uri;
  }

  ParquetMetadata footer() {
    return footer;
  }

  MessageType schema() {
    return footer.getFileMetaData().getSchema();
  }

  List<BlockMetaData> groups() {
    return footer.getBlocks();
  }

  /** Pages end here at the latest. */
  long pagesEnd() {
    return length - TAIL;
  }

  /** Nanoseconds spent in {@link #read}. */
  long nanos() {
    return nanos;
  }

  /** Reads bytes of pages, all of them. */
  void read(long position, byte[] target, int at, int count) throws IOException {
    long start = System.nanoTime();
    try {
      in.readFully(position, target, at, count);
    } catch (IOException e) {
      throw ParquetFiles.whileReading(uri, e);
    } finally {
      nanos += System.nanoTime() - start;
    }
  }

  private void readFooter() throws IOException {
    if (length < MAGIC.length() + TAIL) {
      throw VectorInputException.inFile(
          uri,
          "has %d bytes (expected at least %d); it is truncated"
              .formatted(length, MAGIC.length() + TAIL));
    }
    byte[] tail = new byte[TAIL];
    in.readFully(length - TAIL, tail);
    String magic = new String(tail, Integer.BYTES, MAGIC.length(), StandardCharsets.ISO_8859_1);
    if (magic.equals(ENCRYPTED)) {
      throw VectorInputException.inFile(
          uri,
          "is encrypted, which is not read (its footer, too; expected a Parquet file without"
              + " encryption); decrypt it");
    }
    if (!magic.equals(MAGIC)) {
      throw new IllegalArgumentException("it does not end with the magic PAR1");
    }
    int bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (bytes <= 0 || bytes > length - TAIL - MAGIC.length()) {
      throw VectorInputException.inFile(
          uri,
          "says that its footer has %d of %d bytes; it is corrupt, write it again"
              .formatted(bytes, length));
    }
    byte[] content = new byte[bytes];
    in.readFully(length - TAIL - bytes, content);
    ThriftLengths.skip(ByteBuffer.wrap(content));
    footer =
        new ParquetMetadataConverter()
            .readParquetMetadata(
                new ByteArrayInputStream(content), ParquetMetadataConverter.NO_FILTER);
  }

  /** A footer may be whole while the pages it points at are not. */
  private void checkExtents() throws VectorInputException {
    for (BlockMetaData group : groups()) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        long start = chunk.getStartingPos();
        long size = chunk.getTotalSize();
        boolean inside =
            start >= MAGIC.length()
                && size >= 0
                && start <= pagesEnd()
                && size <= pagesEnd() - start;
        if (!inside || group.getRowCount() < 0) {
          throw VectorInputException.inFile(
              uri,
              "its footer puts column %s at bytes %d + %d of %d; it is corrupt, write it again"
                  .formatted(chunk.getPath(), start, size, length));
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
