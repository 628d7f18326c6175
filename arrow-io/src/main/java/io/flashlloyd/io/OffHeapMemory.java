package io.flashlloyd.io;

import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Memory straight from the operating system. Arrow's Netty allocator, the one that Spark brings,
 * stops at the JVM's limit of direct memory, which is the heap's size unless set; a store of chunks
 * is bounded by its own limit instead.
 */
final class OffHeapMemory extends AllocationManager {
  static final AllocationManager.Factory FACTORY =
      new AllocationManager.Factory() {
        @Override
        public AllocationManager create(BufferAllocator allocator, long bytes) {
          return new OffHeapMemory(allocator, bytes);
        }

        @Override
        public ArrowBuf empty() {
          return EMPTY;
        }
      };

  private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

  private final long address;
  private final long bytes;

  private OffHeapMemory(BufferAllocator allocator, long bytes) {
    super(allocator);
    this.bytes = bytes;
    this.address = MemoryUtil.allocateMemory(bytes);
  }

  @Override
  public long getSize() {
    return bytes;
  }

  @Override
  protected long memoryAddress() {
    return address;
  }

  @Override
  protected void release0() {
    MemoryUtil.freeMemory(address);
  }
}
