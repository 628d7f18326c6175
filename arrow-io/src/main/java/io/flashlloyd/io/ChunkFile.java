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
 * A chunk on a local disk: an Arrow IPC file of one record batch, column {@code vector}. The values
 * lie in it as in memory, in one piece, so that they are read straight into a chunk's buffer. Its
 * place in the file is remembered here, so the file is read by whoever wrote it. Immutable; any
 * thread may read; close() deletes the file.
 */
public final class ChunkFile implements AutoCloseable {
  private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

  private final Path path;
  private final long valuesOffset;
  private final long firstRow;
  private final int rows;
  private final int dimension;
  private final ElementType type;

  private ChunkFile(Path path, VectorChunk chunk, long valuesOffset) {
    this.path = path;
    this.valuesOffset = valuesOffset;
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

  /** Returns where the values begin. */
  private static long write(FileChannel file, VectorChunk chunk) throws IOException {
    WriteChannel out = new WriteChannel(file);
    Schema schema = schema(chunk);
    out.write(MAGIC);
    out.align();
    MessageSerializer.serialize(out, schema);
    ArrowBlock block;
    long valuesOffset;
    ArrowBuf values = chunk.buffer();
    ArrowBuf allValid = values.getReferenceManager().getAllocator().getEmpty();
    int elements = chunk.rows() * chunk.dimension();
    try (ArrowRecordBatch batch =
        new ArrowRecordBatch(
            chunk.rows(),
            List.of(new ArrowFieldNode(chunk.rows(), 0), new ArrowFieldNode(elements, 0)),
            List.of(allValid, allValid, values),
            NoCompressionCodec.DEFAULT_BODY_COMPRESSION,
            true)) {
      block = MessageSerializer.serialize(out, batch);
      valuesOffset =
          block.getOffset()
              + block.getMetadataLength()
              + batch.getBuffersLayout().get(2).getOffset();
    }
    out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
    out.writeIntLittleEndian(0);
    long footerStart = out.getCurrentPosition();
    out.write(new ArrowFooter(schema, List.of(), List.of(block)), false);
    out.writeIntLittleEndian((int) (out.getCurrentPosition() - footerStart));
    out.write(MAGIC);
    return valuesOffset;
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
    return new Schema(List.of(new Field("vector", FieldType.notNullable(list), List.of(item))));
  }

  /** Bytes of the values: a little less than the file takes. */
  public long bytes() {
    return (long) rows * dimension * type.bytes();
  }

  /**
   * The chunk again, the caller's, in memory of this allocator.
   *
   * @throws IOException where the file has become shorter, or cannot be read
   */
  public VectorChunk read(BufferAllocator allocator) throws IOException {
    VectorChunk chunk = VectorChunk.allocate(allocator, firstRow, rows, dimension, type);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer values = chunk.values();
      while (values.hasRemaining()) {
        if (file.read(values, valuesOffset + values.position()) < 0) {
          throw new IOException(
              "%s ends after %d of %d bytes; was it changed?"
                  .formatted(path, values.position(), bytes()));
        }
      }
      return chunk;
    } catch (IOException | RuntimeException e) {
      chunk.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
