package io.flashlloyd.io.lance;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.lists.PartitionTable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.lance.Dataset;

/** The partitions as Lance's index builder takes them. */
public final class LancePartitionTable implements PartitionTable {
  @Override
  public void write(Path folder, Source rows) throws IOException {
    try (BufferAllocator memory = ChunkAllocator.root(Long.MAX_VALUE);
        PartitionBatches batches = new PartitionBatches(memory, rows);
        Dataset written =
            Dataset.write()
                .allocator(memory)
                .reader(batches)
                .uri(folder.toString())
                .maxRowsPerFile(Integer.MAX_VALUE)
                .maxBytesPerFile(Long.MAX_VALUE)
                .execute()) {
      int fragments = written.getFragments().size();
      if (fragments != 1) {
        throw new IOException(
            "Lance made %d fragments of %,d rows (expected 1, which can hold %,d)"
                .formatted(fragments, written.countRows(), Integer.MAX_VALUE));
      }
    }
  }
}
