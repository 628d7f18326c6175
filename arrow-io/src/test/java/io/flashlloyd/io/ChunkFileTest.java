package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkFileTest {
  private static final List<ElementType> TYPES = List.of(ElementType.values());

  @TempDir private Path folder;

  @Test
  void shouldGiveBackTheBytesOfEveryTypeAndShape() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (BufferAllocator allocator = ChunkAllocator.root(1 << 24)) {
      for (int round = 0; round < 40; round++) {
        ElementType type = TYPES.get(random.nextInt(4));
        int rows = 1 + random.nextInt(300);
        int dimension = 1 + random.nextInt(70);
        Path path = folder.resolve("chunk-" + round + ".arrow");
        String label = "seed %d: %d x %d %s".formatted(seed, rows, dimension, type);
        try (VectorChunk chunk = VectorChunk.allocate(allocator, 77, rows, dimension, type)) {
          fill(chunk, random);
          writeAndRead(chunk, path, allocator, label);
        }
        assertThat(path).as("after close").doesNotExist();
      }
    }
  }

  private static void writeAndRead(
      VectorChunk chunk, Path path, BufferAllocator allocator, String label) throws IOException {
    try (ChunkFile file = ChunkFile.write(path, chunk);
        VectorChunk again = file.read(allocator)) {
      assertThat(Files.size(path)).as(label).isBetween(file.bytes(), file.bytes() + 1500);
      assertThat(again.values()).as(label).isEqualTo(chunk.values());
      assertThat(again.firstRow()).as(label).isEqualTo(77);
      assertThat(again.dimension()).as(label).isEqualTo(chunk.dimension());
      assertThat(again.type()).as(label).isEqualTo(chunk.type());
      assertThat(asDataset(path)).as(label).isEqualTo(chunk.values());
    }
  }

  @Test
  void shouldGiveBackWeights() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (BufferAllocator allocator = ChunkAllocator.root(1 << 24);
        ChunkBuilder builder = new ChunkBuilder(allocator, 3, 1 << 20, 77)) {
      long[] weights = random.longs(201, 1, Long.MAX_VALUE).toArray();
      for (long weight : weights) {
        builder.add(new float[] {random.nextFloat(), 1, -0f}, weight);
      }
      Path path = folder.resolve("weighted.arrow");
      try (VectorChunk chunk = builder.finish();
          ChunkFile file = ChunkFile.write(path, chunk);
          VectorChunk again = file.read(allocator)) {
        writeAndRead(chunk, folder.resolve("again.arrow"), allocator, "seed " + seed);
        assertThat(chunk.weights()).isEqualTo(java.nio.LongBuffer.wrap(weights));
        assertThat(again.weights()).as("seed %d", seed).isEqualTo(chunk.weights());
        assertThat(file.bytes()).isEqualTo(201 * (12 + 8)).isEqualTo(again.bytes());
      }
    }
  }

  @Test
  void shouldSayThatAFileBecameShorter() throws IOException {
    Path path = folder.resolve("chunk.arrow");
    try (BufferAllocator allocator = ChunkAllocator.root(1 << 20);
        VectorChunk chunk = VectorChunk.allocate(allocator, 0, 50, 9, ElementType.FLOAT32);
        ChunkFile file = ChunkFile.write(path, chunk)) {
      try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "rw")) {
        access.setLength(1000);
      }
      assertThatThrownBy(() -> file.read(allocator))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("chunk.arrow ends after")
          .hasMessageContaining("of 1800 bytes");
      assertThat(allocator.getAllocatedMemory()).as("one chunk").isLessThan(2 * 4096);
    }
  }

  @Test
  void shouldLeaveNothingWhereItCannotWrite() {
    try (BufferAllocator allocator = ChunkAllocator.root(1 << 20);
        VectorChunk chunk = VectorChunk.allocate(allocator, 0, 50, 9, ElementType.FLOAT32)) {
      assertThatThrownBy(() -> ChunkFile.write(folder.resolve("none/chunk.arrow"), chunk))
          .isInstanceOf(IOException.class);
    }
  }

  /** The values as any reader of Arrow files finds them. */
  private static ByteBuffer asDataset(Path path) throws IOException {
    VectorDataset dataset = VectorDataset.open(InputSpec.of(path.toString()), HADOOP);
    List<VectorSplit> splits = dataset.splits();
    assertThat(splits).hasSize(1);
    try (BufferAllocator allocator = ChunkAllocator.root(1 << 20);
        ChunkReader reader = VectorReaders.open(dataset, splits.get(0), HADOOP, allocator);
        VectorChunk chunk = reader.next()) {
      ByteBuffer copy = ByteBuffer.allocate(chunk.values().remaining());
      return copy.put(chunk.values()).flip();
    }
  }

  /** Small integers: finite in every type. */
  private static void fill(VectorChunk chunk, Random random) {
    ByteBuffer values = chunk.values();
    while (values.hasRemaining()) {
      switch (chunk.type()) {
        case FLOAT32 -> values.putFloat(random.nextInt(100) - 50);
        case FLOAT16 -> values.putShort((short) random.nextInt(0x7c00));
        case UINT8, INT8 -> values.put((byte) random.nextInt());
      }
    }
  }
}
