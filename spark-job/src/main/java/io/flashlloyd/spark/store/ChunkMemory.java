package io.flashlloyd.spark.store;

import io.flashlloyd.engine.HostMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Where chunks' memory comes from: page-locked by the GPU engine while the budget allows, so that
 * decoding writes where the card reads, else straight from the operating system. What is freed is
 * kept for the next chunk: pinning costs half a second a GiB, and fresh memory a page fault for
 * every 4 KiB. Thread-safe.
 */
final class ChunkMemory implements AllocationManager.Factory {
  /** Freed pieces of ordinary memory that are kept. */
  static final int SPARE = 4;

  /** Of the pinned budget, what is left to chunks that stream from the disk. */
  private static final long RING_BYTES = 512L << 20;

  private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

  private final long pinnedBudget;
  private final IntFunction<Optional<HostMemory>> pinning;
  private final Deque<Piece> sparePinned = new ArrayDeque<>();
  private final Deque<Piece> spare = new ArrayDeque<>();
  private long pinned;

  /**
   * @param pinning page-locked memory of a number of bytes, or none where no engine has any
   */
  ChunkMemory(long pinnedBudget, IntFunction<Optional<HostMemory>> pinning) {
    this.pinnedBudget = pinnedBudget;
    this.pinning = pinning;
  }

  /** A piece of memory; {@code owner} is null where the operating system gave it. */
  private record Piece(long address, long bytes, HostMemory owner) {
    void free() {
      if (owner == null) {
        MemoryUtil.freeMemory(address);
      } else {
        owner.close();
      }
    }
  }

  @Override
  public AllocationManager create(BufferAllocator allocator, long bytes) {
    return new Piecewise(allocator, take(bytes, pinnedBudget - ringBytes()));
  }

  /** The same memory for chunks that stay for one visit: theirs is the rest of what is pinned. */
  AllocationManager.Factory streaming() {
    return new AllocationManager.Factory() {
      @Override
      public AllocationManager create(BufferAllocator allocator, long bytes) {
        return new Piecewise(allocator, take(bytes, pinnedBudget));
      }

      @Override
      public ArrowBuf empty() {
        return EMPTY;
      }
    };
  }

  private long ringBytes() {
    return Math.min(RING_BYTES, pinnedBudget / 4);
  }

  @Override
  public ArrowBuf empty() {
    return EMPTY;
  }

  private synchronized Piece take(long bytes, long mostPinned) {
    Piece piece = remove(sparePinned, bytes);
    if (piece == null && pinnedBudget > 0) {
      piece = pin(bytes, mostPinned);
    }
    if (piece == null) {
      piece = remove(spare, bytes);
    }
    return piece == null ? new Piece(MemoryUtil.allocateMemory(bytes), bytes, null) : piece;
  }

  private Piece pin(long bytes, long most) {
    while (pinned + bytes > most && !sparePinned.isEmpty()) {
      Piece other = sparePinned.remove();
      pinned -= other.bytes;
      other.free();
    }
    if (pinned + bytes > most || bytes > Integer.MAX_VALUE) {
      return null;
    }
    Optional<HostMemory> memory = pinning.apply((int) bytes);
    if (memory.isEmpty()) {
      return null;
    }
    pinned += bytes;
    long address = MemoryUtil.getByteBufferAddress(memory.get().bytes());
    return new Piece(address, bytes, memory.get());
  }

  private static Piece remove(Deque<Piece> pieces, long bytes) {
    for (Iterator<Piece> each = pieces.iterator(); each.hasNext(); ) {
      Piece piece = each.next();
      if (piece.bytes == bytes) {
        each.remove();
        return piece;
      }
    }
    return null;
  }

  private synchronized void give(Piece piece) {
    if (piece.owner != null) {
      sparePinned.add(piece);
      return;
    }
    spare.add(piece);
    if (spare.size() > SPARE) {
      spare.remove().free();
    }
  }

  /** Bytes that are page-locked, spare ones too. */
  synchronized long pinnedBytes() {
    return pinned;
  }

  /** One piece under Arrow's count of references. */
  private final class Piecewise extends AllocationManager {
    private final Piece piece;

    Piecewise(BufferAllocator allocator, Piece piece) {
      super(allocator);
      this.piece = piece;
    }

    @Override
    public long getSize() {
      return piece.bytes;
    }

    @Override
    protected long memoryAddress() {
      return piece.address;
    }

    @Override
    protected void release0() {
      give(piece);
    }
  }
}
