package io.flashlloyd.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowBuffer;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A chunk on a local disk: an Arrow IPC file of one record batch, columns {@code vector} and, where
 * rows have weights, {@code weight}. The values lie in it as in memory, in one piece, so that they
 * are read straight into a chunk's buffer. Their place in the file is remembered here, so the file
 * is read by whoever wrote it. Immutable; any thread may read; close() deletes the file.
 */
public final class ChunkFile implements AutoCloseable {
  private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

  private final Path path;
  private final Place place;
  private final long firstRow;
  private final int rows;
  private final int dimension;
  private final ElementType type;

  /** Where values and weights begin; -1 for weights that there are none of. */
  private record Place(long values, long weights) {}

  private ChunkFile(Path path, VectorChunk chunk, Place place) {
    this.path = path;
    this.place = place;
    this.firstRow = chunk.firstRow();
    this.rows = chunk.rows();
    this.dimension = chunk.dimension();
    this.type = chunk.type();
  }

  /**
   * Writes a chunk, which stays the caller's.
   *
   * @throws IOException where the disk is full, for example; nothing is left then
   */
  public static ChunkFile write(Path path, VectorChunk chunk) throws IOException {
    FileChannel opened =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel file = opened) {
      return new ChunkFile(path, chunk, write(file, chunk));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static Place write(FileChannel file, VectorChunk chunk) throws IOException {
    WriteChannel out = new WriteChannel(file);
    Schema schema = schema(chunk);
    out.write(MAGIC);
    out.align();
    MessageSerializer.serialize(out, schema);
    ArrowBlock block;
    Place place;
    ArrowBuf values = chunk.buffer();
    ArrowBuf weights = chunk.weightBuffer();
    ArrowBuf allValid = values.getReferenceManager().getAllocator().getEmpty();
    int elements = chunk.rows() * chunk.dimension();
    ArrowFieldNode rows = new ArrowFieldNode(chunk.rows(), 0);
    ArrowFieldNode items = new ArrowFieldNode(elements, 0);
    try (ArrowRecordBatch batch =
        new ArrowRecordBatch(
            chunk.rows(),
            weights == null ? List.of(rows, items) : List.of(rows, items, rows),
            weights == null
                ? List.of(allValid, allValid, values)
                : List.of(allValid, allValid, values, allValid, weights),
            NoCompressionCodec.DEFAULT_BODY_COMPRESSION,
            true)) {
      block = MessageSerializer.serialize(out, batch);
      long body = block.getOffset() + block.getMetadataLength();
      List<ArrowBuffer> layout = batch.getBuffersLayout();
      place =
          new Place(
              body + layout.get(2).getOffset(),
              weights == null ? -1 : body + layout.get(4).getOffset());
    }
    out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
    out.writeIntLittleEndian(0);
    long footerStart = out.getCurrentPosition();
    out.write(new ArrowFooter(schema, List.of(), List.of(block)), false);
    out.writeIntLittleEndian((int) (out.getCurrentPosition() - footerStart));
    out.write(MAGIC);
    return place;
  }

  private static Schema schema(VectorChunk chunk) {
    ArrowType element =
        switch (chunk.type()) {
          case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
          case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
          case UINT8 -> new ArrowType.Int(Byte.SIZE, false);
          case INT8 -> new ArrowType.Int(Byte.SIZE, true);
        };
    Field item = new Field("item", FieldType.notNullable(element), null);
    ArrowType list = new ArrowType.FixedSizeList(chunk.dimension());
    Field vector = new Field("vector", FieldType.notNullable(list), List.of(item));
    Field weight =
        new Field("weight", FieldType.notNullable(new ArrowType.Int(Long.SIZE, true)), null);
    return new Schema(chunk.weights() == null ? List.of(vector) : List.of(vector, weight));
  }

  /** Bytes of the values and weights: a little less than the file takes. */
  public long bytes() {
    return (long) rows * ((long) dimension * type.bytes() + (weighted() ? Long.BYTES : 0));
  }

  public int rows() {
    return rows;
  }

  private boolean weighted() {
    return place.weights() >= 0;
  }

  /**
   * The chunk again, the caller's, in memory of this allocator.
   *
   * @throws IOException where the file has become shorter, or cannot be read
   */
  public VectorChunk read(BufferAllocator allocator) throws IOException {
    VectorChunk chunk =
        weighted()
            ? VectorChunk.allocateWeighted(allocator, firstRow, rows, dimension)
            : VectorChunk.allocate(allocator, firstRow, rows, dimension, type);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      fill(chunk.values(), file, place.values());
      if (weighted()) {
        fill(chunk.weightBytes(), file, place.weights());
      }
      return chunk;
    } catch (IOException | RuntimeException e) {
      chunk.close();
      throw e;
    }
  }

  private void fill(ByteBuffer bytes, FileChannel file, long from) throws IOException {
    while (bytes.hasRemaining()) {
      if (file.read(bytes, from + bytes.position()) < 0) {
        throw new IOException(
            "%s ends after %d of %d bytes; was it changed?"
                .formatted(path, bytes.position(), bytes()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
