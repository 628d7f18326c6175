package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.hadoop.fs.FSDataInputStream;

/** A record batch's metadata: which lengths, and where in the body each buffer lies. */
final class RecordBatchHeader {
  private static final int CONTINUATION = -1;

  /** Where a column starts among a record batch's nodes and buffers. */
  record Slot(int node, int buffer) {}

  private final ArrowFile.Extent extent;
  private final RecordBatch batch;

  private RecordBatchHeader(ArrowFile.Extent extent, RecordBatch batch) {
    this.extent = extent;
    this.batch = batch;
  }

  static RecordBatchHeader read(String uri, ArrowFile.Extent extent, FSDataInputStream in)
      throws IOException {
    ByteBuffer bytes = ArrowFile.bytes(in, extent.offset(), extent.metadataBytes());
    // Since format 0.15 a continuation marker comes before the length.
    bytes.position(bytes.getInt(0) == CONTINUATION ? 2 * Integer.BYTES : Integer.BYTES);
    Message message = Message.getRootAsMessage(bytes);
    if (message.headerType() != MessageHeader.RecordBatch) {
      throw VectorInputException.inFile(
          uri,
          "has message type %d at byte %d (expected a record batch); it is corrupt"
              .formatted(message.headerType(), extent.offset()));
    }
    return new RecordBatchHeader(extent, (RecordBatch) message.header(new RecordBatch()));
  }

  long rows() {
    return batch.length();
  }

  long length(int node) {
    return batch.nodes(node).length();
  }

  long nulls(int node) {
    return batch.nodes(node).nullCount();
  }

  /** Bytes of a buffer in the file, after a check that they lie in the body. */
  long storedBytes(int index) {
    Buffer buffer = batch.buffers(index);
    boolean inside =
        buffer.offset() >= 0
            && buffer.length() >= 0
            && buffer.offset() <= extent.bodyBytes()
            && buffer.length() <= extent.bodyBytes() - buffer.offset();
    if (!inside) {
      throw new IllegalArgumentException(
          "buffer %d lies at bytes %d + %d of a body of %d"
              .formatted(index, buffer.offset(), buffer.length(), extent.bodyBytes()));
    }
    return buffer.length();
  }

  /** File position of a buffer. */
  long position(int index) {
    return extent.bodyOffset() + batch.buffers(index).offset();
  }

  boolean compressed() {
    return batch.compression() != null;
  }

  /** The codec of all buffers, one of CompressionType; only when {@link #compressed()}. */
  byte codec() {
    BodyCompression compression = batch.compression();
    if (compression.method() != BodyCompressionMethod.BUFFER) {
      throw new IllegalArgumentException("compression method " + compression.method());
    }
    return compression.codec();
  }

  /** Where a top-level column starts: what the columns before it take, children included. */
  Slot slot(List<Field> fields, int column) {
    Walk walk = new Walk();
    for (int i = 0; i < column; i++) {
      walk.skip(fields.get(i));
    }
    return new Slot(walk.node, walk.buffer);
  }

  private final class Walk {
    private int node;
    private int buffer;
    private int variadic;

    void skip(Field field) {
      node++;
      if (field.getDictionary() != null) {
        // Only the indices are here: validity and values.
        buffer += 2;
        return;
      }
      ArrowType type = field.getType();
      if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
        buffer += 2 + Math.toIntExact(batch.variadicBufferCounts(variadic++));
        return;
      }
      buffer += TypeLayout.getTypeBufferCount(type);
      field.getChildren().forEach(this::skip);
    }
  }
}
