package io.flashlloyd.spark.store;

import io.flashlloyd.engine.HostMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Where chunks' memory comes from. What the GPU engine will keep on the card is carried there once,
 * and comes from the operating system. Beyond that, memory is page-locked by the engine while the
 * budget allows, so that decoding writes where the card reads in every pass. What is freed is kept
 * for the next chunk: pinning costs half a second a GiB, one thread at a time, and fresh memory a
 * page fault for every 4 KiB. Thread-safe.
 */
final class ChunkMemory implements AllocationManager.Factory {
  /** Freed pieces of ordinary memory that are kept. */
  static final int SPARE = 4;

  /** Of the pinned budget, what is left to chunks that stream from the disk. */
  private static final long RING_BYTES = 512L << 20;

  /** Beside its rows an engine keeps what it made of them: about as much again at most. */
  private static final int KEPT_SHARE = 2;

  private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

  private final long pinnedBudget;
  private final IntFunction<Optional<HostMemory>> pinning;
  private final LongSupplier kept;
  private final Deque<Piece> sparePinned = new ArrayDeque<>();
  private final Deque<Piece> spare = new ArrayDeque<>();
  private long pinned;

  /** Ordinary memory that is in use. */
  private long plain;

  /**
   * @param pinning page-locked memory of a number of bytes, or none where no engine has any
   * @param kept bytes that engines keep in device memory
   */
  ChunkMemory(long pinnedBudget, IntFunction<Optional<HostMemory>> pinning, LongSupplier kept) {
    this.pinnedBudget = pinnedBudget;
    this.pinning = pinning;
    this.kept = kept;
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
    return new Piecewise(
        allocator, take(bytes, isCarriedOnce(bytes) ? 0 : pinnedBudget - ringBytes()));
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
    if (piece == null && mostPinned > 0) {
      piece = pin(bytes, mostPinned);
    }
    if (piece != null) {
      return piece;
    }
    piece = remove(spare, bytes);
    if (piece == null) {
      piece = new Piece(MemoryUtil.allocateMemory(bytes), bytes, null);
    }
    plain += bytes;
    return piece;
  }

  private synchronized boolean isCarriedOnce(long bytes) {
    return plain + bytes <= kept.getAsLong() / KEPT_SHARE;
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
    plain -= piece.bytes;
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
