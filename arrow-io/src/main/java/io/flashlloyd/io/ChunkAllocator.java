package io.flashlloyd.io;

import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/**
 * Where chunk memory comes from. A process has one root; every user of chunks (a task, a store)
 * takes a child with its own limit and closes it when done, which throws if a chunk was leaked.
 *
 * <p>Threading: Arrow's allocators are thread-safe.
 */
public final class ChunkAllocator {
  /** Sizes are rounded up to this; Arrow's default is the next power of two. */
  private static final long PAGE = 4096;

  private ChunkAllocator() {}

  /**
   * The root of a process.
   *
   * @param limitBytes the most bytes that all chunks together may take
   */
  public static BufferAllocator root(long limitBytes) {
    return root(limitBytes, OffHeapMemory.FACTORY);
  }

  /**
   * The root of a process, with memory of the caller's choice.
   *
   * @param memory where it comes from: page-locked, for example
   */
  public static BufferAllocator root(long limitBytes, AllocationManager.Factory memory) {
    return new RootAllocator(
        RootAllocator.configBuilder()
            .allocationManagerFactory(memory)
            .roundingPolicy(new SegmentRoundingPolicy(PAGE))
            .maxAllocation(limitBytes)
            .build());
  }

  /**
   * A counted, bounded part of {@code parent}.
   *
   * @param limitBytes the most bytes of this part
   * @param setting the user's name for the limit, such as {@code --memory}; errors give it
   */
  public static BufferAllocator child(BufferAllocator parent, long limitBytes, String setting) {
    return parent.newChildAllocator(setting, 0, limitBytes);
  }

  static ArrowBuf allocate(BufferAllocator allocator, long bytes) {
    try {
      return allocator.buffer(bytes);
    } catch (OutOfMemoryException e) {
      BufferAllocator full = fullOne(allocator, bytes);
      throw new ChunkMemoryException(
          "Chunk of %d bytes does not fit: '%s' allows %d bytes and %d are in use; raise that limit"
                  .formatted(bytes, full.getName(), full.getLimit(), full.getAllocatedMemory())
              + " or make chunks smaller",
          e);
    }
  }

  /** The allocator, from {@code allocator} up to the root, whose own limit is the obstacle. */
  private static BufferAllocator fullOne(BufferAllocator allocator, long bytes) {
    BufferAllocator candidate = allocator;
    while (candidate.getParentAllocator() != null
        && candidate.getLimit() - candidate.getAllocatedMemory() >= bytes) {
      candidate = candidate.getParentAllocator();
    }
    return candidate;
  }
}
