package io.flashlloyd.spark.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.HostMemory;
import io.flashlloyd.io.ChunkAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.Test;

class ChunkMemoryTest {
  private static final int PIECE = 1 << 16;

  /** Addresses that a pretended engine gave out and has not got back. */
  private final Set<Long> pinned = new HashSet<>();

  private record Lent(ByteBuffer bytes, Set<Long> open) implements HostMemory {
    @Override
    public void close() {
      assertThat(open.remove(MemoryUtil.getByteBufferAddress(bytes))).isTrue();
    }
  }

  private Optional<HostMemory> lend(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    pinned.add(MemoryUtil.getByteBufferAddress(buffer));
    return Optional.of(new Lent(buffer, pinned));
  }

  @Test
  void shouldPinFirstLeaveTheRingAndTakeOrdinaryMemoryThen() {
    ChunkMemory memory = new ChunkMemory(8 * PIECE, this::lend, () -> 0);
    try (BufferAllocator stay = ChunkAllocator.root(Long.MAX_VALUE, memory);
        BufferAllocator stream = ChunkAllocator.root(Long.MAX_VALUE, memory.streaming())) {
      List<ArrowBuf> kept = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        kept.add(stay.buffer(PIECE));
      }
      assertThat(kept.stream().filter(this::isPinned)).as("of 8, 2 are the ring's").hasSize(6);
      ArrowBuf first = stream.buffer(PIECE);
      ArrowBuf second = stream.buffer(PIECE);
      ArrowBuf third = stream.buffer(PIECE);
      assertThat(List.of(isPinned(first), isPinned(second), isPinned(third)))
          .containsExactly(true, true, false);
      assertThat(memory.pinnedBytes()).isEqualTo(8L * PIECE);

      long address = first.memoryAddress();
      first.close();
      assertThat(pinned).as("kept for the next one").contains(address);
      first = stream.buffer(PIECE);
      assertThat(first.memoryAddress()).isEqualTo(address);

      kept.forEach(ArrowBuf::close);
      List.of(first, second, third).forEach(ArrowBuf::close);
    }
  }

  @Test
  void shouldPinOnlyWhatTheCardDoesNotKeep() {
    ChunkMemory memory = new ChunkMemory(8 * PIECE, this::lend, () -> 6 * PIECE);
    try (BufferAllocator stay = ChunkAllocator.root(Long.MAX_VALUE, memory);
        BufferAllocator stream = ChunkAllocator.root(Long.MAX_VALUE, memory.streaming())) {
      List<ArrowBuf> kept = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        kept.add(stay.buffer(PIECE));
      }
      assertThat(kept.stream().map(this::isPinned))
          .as("the card keeps 3 chunks and what it makes of them")
          .containsExactly(false, false, false, true, true);
      kept.remove(0).close();
      kept.add(stay.buffer(PIECE));
      assertThat(kept.stream().filter(this::isPinned)).as("one goes, one comes").hasSize(2);
      ArrowBuf streamed = stream.buffer(PIECE);
      assertThat(isPinned(streamed)).as("for one visit").isTrue();
      streamed.close();
      kept.forEach(ArrowBuf::close);
    }
  }

  @Test
  void shouldUnpinSparePiecesOfAnotherSize() {
    ChunkMemory memory = new ChunkMemory(4 * PIECE, this::lend, () -> 0);
    try (BufferAllocator stream = ChunkAllocator.root(Long.MAX_VALUE, memory.streaming())) {
      ArrowBuf wide = stream.buffer(4 * PIECE);
      wide.close();
      ArrowBuf narrow = stream.buffer(PIECE);
      assertThat(isPinned(narrow)).isTrue();
      assertThat(memory.pinnedBytes()).isEqualTo(PIECE);
      assertThat(pinned).hasSize(1);
      narrow.close();
    }
  }

  @Test
  void shouldUseOrdinaryMemoryWhereNobodyPins() {
    ChunkMemory memory = new ChunkMemory(4 * PIECE, bytes -> Optional.empty(), () -> 0);
    try (BufferAllocator stay = ChunkAllocator.root(Long.MAX_VALUE, memory);
        ArrowBuf buffer = stay.buffer(PIECE)) {
      buffer.setLong(PIECE - 8, 7);
      assertThat(buffer.getLong(PIECE - 8)).isEqualTo(7);
      assertThat(memory.pinnedBytes()).isZero();
    }
  }

  private boolean isPinned(ArrowBuf buffer) {
    return pinned.contains(buffer.memoryAddress());
  }
}
