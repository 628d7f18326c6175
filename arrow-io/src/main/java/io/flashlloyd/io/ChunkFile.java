package io.flashlloyd.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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
 * A chunk on a local disk: an Arrow IPC file of one record batch, columns {@code vector} and,
 * where rows have weights, {@code weight}. The values lie in it as in memory, in one piece, so that they are read straight into a chunk's buffer. Its
 * place in the file is remembered here, so the file is read by whoever wrote it. Immutable; any
 * thread may read; close() deletes the file.
 */
public final class ChunkFile implements AutoCloseable {
  private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

  private final Path path;
  private final VectorChunk.Kind kind;
  private final Offsets offsets;

  /** Where in the file the buffers begin; {@code weights} means nothing where there are none. */
  private record Offsets(long values, long weights) {}

  private ChunkFile(Path path, VectorChunk.Kind kind, Offsets offsets) {
    this.path = path;
    this.kind = kind;
    this.offsets = offsets;
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
      return new ChunkFile(path, chunk.kind(), write(file, chunk));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static Offsets write(FileChannel file, VectorChunk chunk) throws IOException {
    WriteChannel out = new WriteChannel(file);
    Schema schema = schema(chunk.kind());
    out.write(MAGIC);
    out.align();
    MessageSerializer.serialize(out, schema);
    ArrowBlock block;
    Offsets offsets;
    try (ArrowRecordBatch batch = batch(chunk)) {
      block = MessageSerializer.serialize(out, batch);
      long body = block.getOffset() + block.getMetadataLength();
      List<ArrowBuffer> layout = batch.getBuffersLayout();
      offsets =
          new Offsets(
              body + layout.get(2).getOffset(), body + layout.get(layout.size() - 1).getOffset());
    }
    out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
    out.writeIntLittleEndian(0);
    long footerStart = out.getCurrentPosition();
    out.write(new ArrowFooter(schema, List.of(), List.of(block)), false);
    out.writeIntLittleEndian((int) (out.getCurrentPosition() - footerStart));
    out.write(MAGIC);
    return offsets;
  }

  /** The chunk's own buffers; nothing is null, so the validity buffers are empty. */
  private static ArrowRecordBatch batch(VectorChunk chunk) {
    int rows = chunk.rows();
    ArrowBuf values = chunk.valueBuffer();
    ArrowBuf allValid = values.getReferenceManager().getAllocator().getEmpty();
    List<ArrowFieldNode> nodes = new ArrayList<>();
    nodes.add(new ArrowFieldNode(rows, 0));
    nodes.add(new ArrowFieldNode((long) rows * chunk.dimension(), 0));
    List<ArrowBuf> buffers = new ArrayList<>(List.of(allValid, allValid, values));
    if (chunk.kind().weighted()) {
      nodes.add(new ArrowFieldNode(rows, 0));
      buffers.addAll(List.of(allValid, chunk.weightBuffer()));
    }
    return new ArrowRecordBatch(
        rows, nodes, buffers, NoCompressionCodec.DEFAULT_BODY_COMPRESSION, true);
  }

  private static Schema schema(VectorChunk.Kind kind) {
    ArrowType element =
        switch (kind.type()) {
          case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
          case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
          case UINT8 -> new ArrowType.Int(Byte.SIZE, false);
          case INT8 -> new ArrowType.Int(Byte.SIZE, true);
        };
    Field item = new Field("item", FieldType.notNullable(element), null);
    ArrowType list = new ArrowType.FixedSizeList(kind.dimension());
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("vector", FieldType.notNullable(list), List.of(item)));
    if (kind.weighted()) {
      ArrowType weight = new ArrowType.Int(Long.SIZE, true);
      fields.add(new Field("weight", FieldType.notNullable(weight), null));
    }
    return new Schema(fields);
  }

  /** Bytes of the values and weights: a little less than the file takes. */
  public long bytes() {
    long rowBytes = (long) kind.dimension() * kind.type().bytes();
    return kind.rows() * (rowBytes + (kind.weighted() ? Long.BYTES : 0));
  }

  /**
   * The chunk again, the caller's, in memory of this allocator.
   *
   * @throws IOException where the file has become shorter, or cannot be read
   */
  public VectorChunk read(BufferAllocator allocator) throws IOException {
    VectorChunk chunk = VectorChunk.allocateLike(kind, allocator);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      read(file, offsets.values, chunk.valueBuffer());
      if (kind.weighted()) {
        read(file, offsets.weights, chunk.weightBuffer());
      }
      return chunk;
    } catch (IOException | RuntimeException e) {
      chunk.close();
      throw e;
    }
  }

  private void read(FileChannel file, long offset, ArrowBuf buffer) throws IOException {
    ByteBuffer into = buffer.nioBuffer(0, (int) buffer.capacity());
    while (into.hasRemaining()) {
      if (file.read(into, offset + into.position()) < 0) {
        throw new IOException(
            "%s ends after %d of %d bytes; was it changed?"
                .formatted(path, into.position(), into.capacity()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
