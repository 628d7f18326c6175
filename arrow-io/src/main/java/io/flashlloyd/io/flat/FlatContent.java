package io.flashlloyd.io.flat;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.SourceFile;
import io.flashlloyd.io.source.SourceType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The bytes that a flat format describes: a file's own, or those packed in it.
 *
 * @param length how many there are
 * @param base where they start in the file; of no meaning where they are packed
 * @param packing what is between the file and them, or null: any position can be gone to
 */
record FlatContent(String uri, long length, long base, Packing packing, Configuration hadoop) {
  /** Bytes that can be had from the first to the last only. */
  interface Packing {
    InputStream open() throws IOException;
  }

  /** The file itself, or what gzip has made of it where its name says so. */
  static FlatContent of(SourceFile file, Configuration hadoop) throws IOException {
    if (!Gzip.names(file.uri())) {
      return new FlatContent(file.uri(), file.length(), 0, null, hadoop);
    }
    Gzip gzip = new Gzip(file.uri(), hadoop);
    return new FlatContent(file.uri(), gzip.length(), 0, gzip, hadoop);
  }

  /** The content from a position on; the caller closes it. */
  InputStream open(long position) throws IOException {
    if (packing == null) {
      FSDataInputStream in = SourceFile.open(uri, hadoop);
      try {
        in.seek(base + position);
        return in;
      } catch (EOFException e) {
        in.close();
        throw VectorInputException.inFile(
            uri,
            "ends before byte %d; it has become shorter since it was listed"
                .formatted(base + position));
      } catch (IOException e) {
        in.close();
        throw SourceFile.explain(uri, e);
      }
    }
    InputStream in = packing.open();
    try {
      in.skipNBytes(position);
      return in;
    } catch (EOFException e) {
      in.close();
      throw truncated();
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The first {@code count} bytes, fewer when there are fewer. */
  byte[] head(int count) throws IOException {
    return range(0, (int) Math.min(count, length));
  }

  /** The bytes at a position, all of them or an error. */
  byte[] range(long position, int count) throws IOException {
    try (InputStream in = open(position)) {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw truncated();
      }
      return bytes;
    } catch (IOException e) {
      throw SourceFile.explain(uri, e);
    }
  }

  private VectorInputException truncated() {
    return VectorInputException.inFile(
        uri, "what is packed in it ends before its header does; it is truncated");
  }

  /**
   * Rows at a fixed stride; packed ones are one part, since none can be gone to.
   *
   * @param offset position of the first row in the content
   * @param column name of the array, or null where the format has none
   */
  FileLayout layout(
      VectorFormat format,
      SourceType source,
      long rows,
      int dimension,
      long offset,
      long rowStride,
      String column) {
    boolean packed = packing != null;
    return new FileLayout(
        uri,
        format,
        source,
        rows,
        dimension,
        base + offset,
        rowStride,
        packed ? List.of(new FileLayout.Part(rows, offset)) : List.of(),
        IdType.ROW_NUMBER,
        column == null ? List.of() : List.of(column),
        column);
  }
}
