package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.Test;

class ChunkAllocatorTest {
  @Test
  void shouldAlignChunksOfEverySize() {
    try (BufferAllocator allocator = ChunkAllocator.root(1L << 30)) {
      List<VectorChunk> chunks = new ArrayList<>();
      for (int rows = 1; rows < 40_000; rows = rows * 3 + 1) {
        for (ElementType type : ElementType.values()) {
          chunks.add(VectorChunk.allocate(allocator, 7, rows, 13, type));
        }
      }
      for (VectorChunk chunk : chunks) {
        assertThat(MemoryUtil.getByteBufferAddress(chunk.values()) % VectorChunk.ALIGNMENT)
            .isZero();
        assertThat(chunk.values().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(chunk.values().capacity()).isEqualTo(chunk.rows() * 13 * chunk.type().bytes());
        assertThat(chunk.bytes()).isEqualTo(chunk.values().capacity());
        chunk.close();
        chunk.close();
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void shouldNameTheSettingThatIsInTheWay() {
    try (BufferAllocator root = ChunkAllocator.root(1L << 30);
        BufferAllocator store = ChunkAllocator.child(root, 100_000, "--memory");
        BufferAllocator task = ChunkAllocator.child(store, 1L << 20, "task 3");
        VectorChunk first = VectorChunk.allocate(task, 0, 1000, 15, ElementType.FLOAT32)) {
      assertThat(first.bytes()).isEqualTo(60_000);
      assertThatThrownBy(() -> VectorChunk.allocate(task, 0, 1000, 15, ElementType.FLOAT32))
          .isInstanceOf(ChunkMemoryException.class)
          .hasMessageContaining("Chunk of 60096 bytes does not fit: '--memory' allows 100000 bytes")
          .hasMessageContaining("raise that limit or make chunks smaller");
    }
  }

  @Test
  void shouldFailOnALeak() {
    BufferAllocator root = ChunkAllocator.root(1L << 30);
    assertThat(VectorChunk.allocate(root, 0, 1, 1, ElementType.INT8).rows()).isEqualTo(1);
    assertThatThrownBy(root::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leaked");
  }
}
