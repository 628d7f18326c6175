package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.arrow.ArrowFile.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The footer of an Arrow IPC file, checked against the file's length.
 *
 * <pre>
 *   ARROW1 00 00 | schema | dictionaries | record batches ... | footer | i32 its length | ARROW1
 * </pre>
 */
final class ArrowFooter {
  static final String MAGIC = "ARROW1";
  private static final int HEAD = 8;
  private static final int TAIL = Integer.BYTES + MAGIC.length();

  private ArrowFooter() {}

  /** Reads it from a file that starts with the magic. */
  static ArrowFile read(String uri, long length, FSDataInputStream in) throws IOException {
    if (length < HEAD + TAIL) {
      throw VectorInputException.inFile(
          uri,
          "has %d bytes (expected at least %d); it is truncated".formatted(length, HEAD + TAIL));
    }
    ByteBuffer tail = ArrowFile.bytes(in, length - TAIL, TAIL);
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
    long footerOffset = length - TAIL - footerBytes;
    Footer footer = Footer.getRootAsFooter(ArrowFile.bytes(in, footerOffset, footerBytes));
    return new ArrowFile(
        uri,
        ArrowFile.schema(uri, footer.schema()),
        extents(
            uri, "record batch", footer.recordBatchesLength(), footer::recordBatches, footerOffset),
        extents(uri, "dictionary", footer.dictionariesLength(), footer::dictionaries, footerOffset),
        false);
  }

  private static List<Extent> extents(
      String uri, String kind, int count, IntFunction<Block> blocks, long footerOffset)
      throws VectorInputException {
    List<Extent> extents = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      Block block = blocks.apply(i);
      Extent extent = new Extent(block.offset(), block.metaDataLength(), block.bodyLength());
      boolean inside =
          extent.offset() >= HEAD
              && extent.offset() <= footerOffset
              && extent.metadataBytes() > 0
              && extent.bodyBytes() >= 0
              && extent.bodyBytes() <= footerOffset
              && extent.end() <= footerOffset
              && (bytes += extent.end() - extent.offset()) <= footerOffset; // once each
      if (!inside) {
        throw VectorInputException.inFile(
            uri,
            "its footer puts %s %d at bytes %d to %d, outside the %d before the footer;"
                    .formatted(kind, i, extent.offset(), extent.end(), footerOffset)
                + " it is corrupt, write it again");
      }
      extents.add(extent);
    }
    return extents;
  }
}
