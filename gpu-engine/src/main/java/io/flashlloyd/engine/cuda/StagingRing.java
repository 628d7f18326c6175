package io.flashlloyd.engine.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import jcuda.Pointer;

/**
 * Carries host memory that is not pinned over the bus, through a few pinned pieces: while one is
 * copied by the device, the next is filled, by several threads, since one moves a fifth of what the
 * bus does. Pinned once and reused. Not thread-safe.
 */
final class StagingRing implements AutoCloseable {
  private record Piece(PinnedBuffer memory, DeviceEvent free) {}

  /** What one thread copies of a piece. */
  private static final int PART_BYTES = 256 << 10;

  /**
   * Something that writes {@code piece.remaining()} bytes, from byte {@code offset} of its own;
   * several threads call it, for different bytes.
   */
  interface Source {
    void fill(ByteBuffer piece, long offset);
  }

  /** Something that reads {@code piece.remaining()} bytes, to byte {@code offset}; likewise. */
  interface Sink {
    void take(ByteBuffer piece, long offset);
  }

  private final List<Piece> pieces = new ArrayList<>();
  private final int pieceBytes;
  private int next;

  StagingRing(int count, int pieceBytes, DeviceStream stream) {
    this.pieceBytes = pieceBytes;
    for (int i = 0; i < count; i++) {
      pieces.add(new Piece(new PinnedBuffer(pieceBytes), new DeviceEvent().record(stream)));
    }
  }

  /** Copies {@code bytes} bytes to the device; the source is read when this returns. */
  void copyIn(Source source, DeviceBuffer to, long toOffset, long bytes, DeviceStream stream) {
    for (long at = 0; at < bytes; at += pieceBytes) {
      int count = (int) Math.min(pieceBytes, bytes - at);
      Piece piece = pieces.get(next);
      next = (next + 1) % pieces.size();
      piece.free.synchronize();
      inParts(piece, count, at, source::fill);
      to.copyFrom(piece.memory.pointer(0), toOffset + at, count, stream);
      piece.free.record(stream);
    }
  }

  /** Copies {@code bytes} bytes from the device, after what the stream holds already. */
  void copyOut(DeviceBuffer from, long fromOffset, long bytes, Sink sink, DeviceStream stream) {
    int queued = 0;
    int pieceCount = KernelShapes.ceilDiv(bytes, pieceBytes);
    for (int i = 0; i < pieceCount; i++) {
      for (; queued < Math.min(pieceCount, i + pieces.size()); queued++) {
        Piece piece = pieces.get(queued % pieces.size());
        piece.free.synchronize();
        long at = (long) queued * pieceBytes;
        from.copyTo(
            piece.memory.pointer(0), fromOffset + at, Math.min(pieceBytes, bytes - at), stream);
        piece.free.record(stream);
      }
      Piece piece = pieces.get(i % pieces.size());
      piece.free.synchronize();
      long at = (long) i * pieceBytes;
      inParts(piece, (int) Math.min(pieceBytes, bytes - at), at, sink::take);
    }
    next = 0;
  }

  /** Calls {@code copy} for the first {@code count} bytes of a piece, which are at {@code at}. */
  private static void inParts(Piece piece, int count, long at, ObjLongConsumer<ByteBuffer> copy) {
    ByteBuffer bytes = piece.memory.bytes();
    IntStream parts = IntStream.range(0, KernelShapes.ceilDiv(count, PART_BYTES));
    (count > PART_BYTES ? parts.parallel() : parts)
        .forEach(
            part -> {
              int begin = part * PART_BYTES;
              int size = Math.min(PART_BYTES, count - begin);
              copy.accept(bytes.slice(begin, size).order(ByteOrder.LITTLE_ENDIAN), at + begin);
            });
  }

  /** Copies straight from pinned memory, or through the ring. */
  void copyIn(ByteBuffer direct, DeviceBuffer to, long bytes, DeviceStream stream) {
    if (bytes == 0) {
      return;
    }
    if (PinnedBuffer.isPinned(direct)) {
      to.copyFrom(Pointer.to(direct), 0, bytes, stream);
    } else {
      copyIn(
          (piece, offset) -> piece.put(direct.slice((int) offset, piece.remaining())),
          to,
          0,
          bytes,
          stream);
    }
  }

  @Override
  public void close() {
    for (Piece piece : pieces) {
      piece.free.close();
      piece.memory.close();
    }
  }
}
