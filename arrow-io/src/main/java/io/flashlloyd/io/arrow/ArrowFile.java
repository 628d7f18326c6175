package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The footer of an Arrow IPC file, checked against the file's length.
 *
 * <pre>
 *   ARROW1 00 00 | schema | dictionaries | record batches ... | footer | i32 its length | ARROW1
 * </pre>
 */
record ArrowFile(String uri, Schema schema, List<Extent> extents) {
  private static final String MAGIC = "ARROW1";
  private static final int HEAD = 8;
  private static final int TAIL = Integer.BYTES + MAGIC.length();

  /** Where a record batch lies: metadata, then body. */
  record Extent(long offset, int metadataBytes, long bodyBytes) {
    long bodyOffset() {
      return offset + metadataBytes;
    }

    long end() {
      return bodyOffset() + bodyBytes;
    }
  }

  static ArrowFile read(String uri, long length, FSDataInputStream in) throws IOException {
    checkMagic(uri, length, in);
    ByteBuffer tail = bytes(in, length - TAIL, TAIL);
    int footerBytes = tail.getInt(0);
    byte[] magic = new byte[MAGIC.length()];
    tail.get(Integer.BYTES, magic);
    if (!new String(magic, StandardCharsets.ISO_8859_1).equals(MAGIC)) {
      throw VectorInputException.inFile(
          uri, "does not end with the magic ARROW1; it is truncated or was never finished");
    }
    if (footerBytes <= 0 || footerBytes > length - TAIL - HEAD) {
      throw VectorInputException.inFile(
          uri,
          "says that its footer has %d of %d bytes; it is corrupt, write it again"
              .formatted(footerBytes, length));
    }
    try {
      long footerOffset = length - TAIL - footerBytes;
      Footer footer = Footer.getRootAsFooter(bytes(in, footerOffset, footerBytes));
      if (footer.schema().endianness() != Endianness.Little) {
        throw VectorInputException.inFile(
            uri, "is big-endian (expected little-endian); write it on a little-endian machine");
      }
      return new ArrowFile(
          uri, Schema.convertSchema(footer.schema()), extents(uri, footer, footerOffset));
    } catch (RuntimeException e) {
      throw VectorInputException.corrupt(uri, "Arrow", e);
    }
  }

  private static void checkMagic(String uri, long length, FSDataInputStream in) throws IOException {
    int head = (int) Math.min(length, MAGIC.length());
    byte[] start = new byte[head];
    in.readFully(0, start);
    String magic = new String(start, StandardCharsets.ISO_8859_1);
    if (magic.startsWith("FEA1")) {
      throw VectorInputException.inFile(
          uri,
          "is Feather version 1 (expected version 2, which is Arrow IPC); write it again"
              + " with pyarrow.feather.write_feather(table, path, version=2)");
    }
    if (!magic.equals(MAGIC)) {
      throw VectorInputException.inFile(
          uri,
          "does not start with the magic ARROW1; it is not an Arrow IPC file (a stream has to"
              + " be written again as a file)");
    }
    if (length < HEAD + TAIL) {
      throw VectorInputException.inFile(
          uri,
          "has %d bytes (expected at least %d); it is truncated".formatted(length, HEAD + TAIL));
    }
  }

  private static List<Extent> extents(String uri, Footer footer, long footerOffset)
      throws VectorInputException {
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < footer.recordBatchesLength(); i++) {
      Block block = footer.recordBatches(i);
      Extent extent = new Extent(block.offset(), block.metaDataLength(), block.bodyLength());
      boolean inside =
          extent.offset() >= HEAD
              && extent.offset() <= footerOffset
              && extent.metadataBytes() > 0
              && extent.bodyBytes() >= 0
              && extent.bodyBytes() <= footerOffset
              && extent.end() <= footerOffset;
      if (!inside) {
        throw VectorInputException.inFile(
            uri,
            "its footer puts record batch %d at bytes %d to %d, outside the %d before the footer;"
                    .formatted(i, extent.offset(), extent.end(), footerOffset)
                + " it is corrupt, write it again");
      }
      extents.add(extent);
    }
    return extents;
  }

  /** Bytes at a position, as a little-endian buffer. */
  static ByteBuffer bytes(FSDataInputStream in, long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(position, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Opens a file and runs a reader on it; what fails is the file's fault or the storage's. */
  static IOException explain(String uri, Exception e) {
    if (e instanceof VectorInputException known) {
      return known;
    }
    if (e instanceof EOFException || e instanceof RuntimeException) {
      return VectorInputException.corrupt(uri, "Arrow", e);
    }
    return SourceFile.explain(uri, (IOException) e);
  }
}
