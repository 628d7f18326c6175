package io.flashlloyd.engine.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;

/**
 * Carries host memory that is not pinned over the bus, through a few pinned pieces: while one is
 * copied by the device, the next is filled. Pinned once and reused. Not thread-safe.
 */
final class StagingRing implements AutoCloseable {
  private record Piece(PinnedBuffer memory, DeviceEvent free) {}

  /** Something that writes {@code piece.remaining()} bytes, from byte {@code offset} of its own. */
  interface Source {
    void fill(ByteBuffer piece, long offset);
  }

  /** Something that reads {@code piece.remaining()} bytes, to byte {@code offset} of its own. */
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
      source.fill(view(piece, count), at);
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
      sink.take(view(piece, (int) Math.min(pieceBytes, bytes - at)), at);
    }
    next = 0;
  }

  private static ByteBuffer view(Piece piece, int count) {
    return piece.memory.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN).clear().limit(count);
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
