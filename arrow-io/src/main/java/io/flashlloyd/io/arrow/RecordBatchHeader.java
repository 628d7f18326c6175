package io.flashlloyd.io.arrow;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
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

  /** Where a column starts among a record batch's nodes, buffers and counts of view buffers. */
  record Slot(int node, int buffer, int variadic) {}

  private final ArrowFile.Extent extent;
  private final RecordBatch batch;

  private RecordBatchHeader(ArrowFile.Extent extent, RecordBatch batch) {
    this.extent = extent;
    this.batch = batch;
  }

  static RecordBatchHeader read(String uri, ArrowFile.Extent extent, FSDataInputStream in)
      throws IOException {
    Message message = message(extent, in);
    if (message.headerType() != MessageHeader.RecordBatch) {
      throw VectorInputException.inFile(
          uri,
          "has message type %d at byte %d (expected a record batch); it is corrupt"
              .formatted(message.headerType(), extent.offset()));
    }
    return new RecordBatchHeader(extent, (RecordBatch) message.header(new RecordBatch()));
  }

  /** The columns of a dictionary batch: its values are the only one. */
  static RecordBatchHeader ofDictionary(ArrowFile.Extent extent, DictionaryBatch batch) {
    return new RecordBatchHeader(extent, batch.data());
  }

  static Message message(ArrowFile.Extent extent, FSDataInputStream in) throws IOException {
    ByteBuffer bytes = ArrowFile.bytes(in, extent.offset(), extent.metadataBytes());
    // Since format 0.15 a continuation marker comes before the length.
    bytes.position(bytes.getInt(0) == CONTINUATION ? 2 * Integer.BYTES : Integer.BYTES);
    return Message.getRootAsMessage(bytes);
  }

  long rows() {
    return batch.length();
  }

  long length(int node) {
    return node(node).length();
  }

  long nulls(int node) {
    return node(node).nullCount();
  }

  private FieldNode node(int index) {
    if (index >= batch.nodesLength()) {
      throw new IllegalArgumentException(
          "column %d of a record batch of %d".formatted(index, batch.nodesLength()));
    }
    return batch.nodes(index);
  }

  /** How many buffers of text a column of views has. */
  int variadicBuffers(Slot slot) {
    return variadicBuffers(slot.variadic());
  }

  private int variadicBuffers(int index) {
    long count =
        index < batch.variadicBufferCountsLength() ? batch.variadicBufferCounts(index) : -1;
    if (count < 0 || count > batch.buffersLength()) {
      throw new IllegalArgumentException(
          "a column of views has %d of %d buffers".formatted(count, batch.buffersLength()));
    }
    return (int) count;
  }

  /** Bytes of a buffer in the file, after a check that they lie in the body. */
  long storedBytes(int index) {
    if (index >= batch.buffersLength()) {
      throw new IllegalArgumentException(
          "buffer %d of a record batch of %d".formatted(index, batch.buffersLength()));
    }
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

  /** The codec for people, or null where nothing is compressed. */
  String codecName() {
    return compressed() ? CompressionType.name(codec()) : null;
  }

  /** The codec of all buffers, one of CompressionType; only when {@link #compressed()}. */
  byte codec() {
    BodyCompression compression = batch.compression();
    if (compression.method() != BodyCompressionMethod.BUFFER) {
      throw new IllegalArgumentException("compression method " + compression.method());
    }
    return compression.codec();
  }

  /**
   * Where a column starts, behind where the structs do that it is in: what the columns before it
   * take, children included. All have as many rows as the record batch.
   *
   * @param path index among the fields, then among each struct's
   */
  List<Slot> slots(List<Field> fields, List<Integer> path) {
    Walk walk = new Walk();
    List<Slot> slots = new ArrayList<>();
    List<Field> level = fields;
    for (int index : path) {
      level.subList(0, index).forEach(walk::skip);
      Slot slot = new Slot(walk.node, walk.buffer, walk.variadic);
      if (rows() < 0 || length(slot.node()) != rows()) {
        throw new IllegalArgumentException(
            "a column of %d rows in a record batch of %d".formatted(length(slot.node()), rows()));
      }
      slots.add(slot);
      Field field = level.get(index);
      walk.enter(field);
      level = field.getChildren();
    }
    return slots;
  }

  private final class Walk {
    private int node;
    private int buffer;
    private int variadic;

    void skip(Field field) {
      enter(field);
      if (field.getDictionary() == null) {
        field.getChildren().forEach(this::skip);
      }
    }

    /** Goes behind the field itself, to its first child. */
    void enter(Field field) {
      node++;
      ArrowType type = field.getType();
      if (field.getDictionary() != null) {
        // Only the indices are here: validity and values.
        buffer += 2;
      } else if (type instanceof ArrowType.Utf8View || type instanceof ArrowType.BinaryView) {
        buffer += 2 + variadicBuffers(variadic++);
      } else {
        buffer += TypeLayout.getTypeBufferCount(type);
      }
    }
  }
}
