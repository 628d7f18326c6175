package io.flashlloyd.io.arrow;

import com.github.luben.zstd.ZstdIOException;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * What an Arrow IPC file or stream holds, and where.
 *
 * @param batches record batches, in order
 * @param dictionaries dictionary batches, in order
 * @param stream whether it has no footer: a batch is found from the one before it, and a dictionary
 *     may change between two of them
 */
record ArrowFile(
    String uri, Schema schema, List<Extent> batches, List<Extent> dictionaries, boolean stream) {

  /** Where a message lies: metadata, then body. */
  record Extent(long offset, int metadataBytes, long bodyBytes) {
    long bodyOffset() {
      return offset + metadataBytes;
    }

    long end() {
      return bodyOffset() + bodyBytes;
    }
  }

  static ArrowFile read(String uri, long length, FSDataInputStream in) throws IOException {
    byte[] start = new byte[(int) Math.min(length, ArrowFooter.MAGIC.length())];
    in.readFully(0, start);
    String magic = new String(start, StandardCharsets.ISO_8859_1);
    if (magic.startsWith("FEA1")) {
      throw VectorInputException.inFile(
          uri,
          "is Feather version 1 (expected version 2, which is Arrow IPC); write it again"
              + " with pyarrow.feather.write_feather(table, path, version=2)");
    }
    try {
      return magic.equals(ArrowFooter.MAGIC)
          ? ArrowFooter.read(uri, length, in)
          : new ArrowStream(uri, length, in).read();
    } catch (RuntimeException e) {
      throw VectorInputException.corrupt(uri, "Arrow", e);
    }
  }

  static Schema schema(String uri, org.apache.arrow.flatbuf.Schema schema)
      throws VectorInputException {
    if (schema.endianness() != Endianness.Little) {
      throw VectorInputException.inFile(
          uri, "is big-endian (expected little-endian); write it on a little-endian machine");
    }
    FieldTree.requireFinite(schema);
    return Schema.convertSchema(schema);
  }

  /** Bytes at a position, as a little-endian buffer. */
  static ByteBuffer bytes(FSDataInputStream in, long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(position, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What fails while a file is read is the file's fault or the storage's. */
  static IOException explain(String uri, Exception e) {
    if (e instanceof VectorInputException known) {
      return known;
    }
    // The latter is of data alone: what storage throws while it is read is another.
    boolean damage = e instanceof EOFException || e instanceof ZstdIOException;
    if (damage || e instanceof RuntimeException) {
      return VectorInputException.corrupt(uri, "Arrow", e);
    }
    return SourceFile.explain(uri, (IOException) e);
  }
}
