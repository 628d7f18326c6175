package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.arrow.ArrowFile.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * An Arrow IPC stream in a file, as Hugging Face's datasets keep them: messages one after another,
 * without a footer, so that each is found from the one before it.
 *
 * <pre>
 *   schema | dictionary or record batch ... | i32 -1, i32 0 (or nothing: the end is the file's)
 * </pre>
 */
final class ArrowStream {
  private static final int CONTINUATION = -1;
  private static final int PREFIX = 2 * Integer.BYTES;

  private final String uri;
  private final long length;
  private final FSDataInputStream in;

  ArrowStream(String uri, long length, FSDataInputStream in) {
    this.uri = uri;
    this.length = length;
    this.in = in;
  }

  /** The whole stream's messages. */
  ArrowFile read() throws IOException {
    Extent first = first();
    List<Extent> batches = new ArrayList<>();
    List<Extent> dictionaries = new ArrayList<>();
    for (Extent at = next(first.end()); at != null; at = next(at.end())) {
      byte type = message(at).headerType();
      if (type == MessageHeader.RecordBatch) {
        batches.add(at);
      } else if (type == MessageHeader.DictionaryBatch) {
        dictionaries.add(at);
      } else {
        throw new IllegalArgumentException(
            "message type %d at byte %d of a stream".formatted(type, at.offset()));
      }
    }
    return new ArrowFile(uri, schema(), batches, dictionaries, true);
  }

  Schema schema() throws IOException {
    return ArrowFile.schema(
        uri,
        (org.apache.arrow.flatbuf.Schema)
            message(first()).header(new org.apache.arrow.flatbuf.Schema()));
  }

  /** {@code count} record batches from the one at a position on. */
  List<Extent> batches(long position, int count) throws IOException {
    List<Extent> batches = new ArrayList<>();
    Extent at = next(position);
    while (at != null && batches.size() < count) {
      if (message(at).headerType() == MessageHeader.RecordBatch) {
        batches.add(at);
      }
      at = next(at.end());
    }
    return batches;
  }

  private Extent first() throws IOException {
    Extent first = null;
    try {
      first = next(0);
    } catch (VectorInputException | RuntimeException e) {
      throw otherFormat(e);
    }
    if (first == null || message(first).headerType() != MessageHeader.Schema) {
      throw otherFormat(null);
    }
    return first;
  }

  private VectorInputException otherFormat(Exception cause) {
    return new VectorInputException(
        uri
            + ": starts neither with the magic ARROW1 of an Arrow IPC file nor with the schema of a"
            + " stream; it is another format",
        cause);
  }

  /** The message at a position, or null at the stream's end. */
  private Extent next(long position) throws IOException {
    if (position == length) {
      return null;
    }
    int bytes = (int) Math.min(PREFIX, length - position);
    ByteBuffer prefix = bytes < Integer.BYTES ? null : ArrowFile.bytes(in, position, bytes);
    if (prefix != null && prefix.getInt(0) == 0) {
      return null;
    }
    if (bytes < PREFIX) {
      throw truncated(position);
    }
    // Before format 0.15 there was no continuation marker before the length.
    boolean marked = prefix.getInt(0) == CONTINUATION;
    int metadata = prefix.getInt(marked ? Integer.BYTES : 0);
    if (metadata == 0) {
      return null;
    }
    int size = marked ? PREFIX : Integer.BYTES;
    if (metadata < 0 || metadata > length - position - size) {
      throw truncated(position);
    }
    long body = message(new Extent(position, size + metadata, 0)).bodyLength();
    if (body < 0 || body > length - position - size - metadata) {
      throw truncated(position);
    }
    return new Extent(position, size + metadata, body);
  }

  private Message message(Extent extent) throws IOException {
    return RecordBatchHeader.message(extent, in);
  }

  private VectorInputException truncated(long position) {
    return VectorInputException.inFile(
        uri,
        "the message at byte %d of the Arrow stream goes on behind the file's %d bytes; it is"
                .formatted(position, length)
            + " truncated or was never finished");
  }
}
