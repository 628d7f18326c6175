package io.flashlloyd.io.lance;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.lists.PartitionTable;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;

/** Written here, opened and read by Lance itself. */
class LancePartitionTableTest {
  private static final int PORTIONS = 40;
  private static final int PORTION = 5003;

  @TempDir private Path folder;

  @Test
  void shouldWriteOneFragmentThatLanceReads() throws Exception {
    Path table = folder.resolve("partitions.lance");
    PartitionTable.find().orElseThrow().write(table, new Portions());

    try (BufferAllocator memory = new RootAllocator();
        Dataset dataset = Dataset.open().allocator(memory).uri(table.toString()).build()) {
      assertThat(dataset.getSchema().toString())
          .isEqualTo(
              "Schema<row_id: Int(64, false) not null, partition: Int(32, false) not null>");
      assertThat(dataset.getFragments()).hasSize(1);
      assertThat(dataset.getFragments().get(0).metadata().getFiles()).hasSize(1);
      long row = 0;
      LanceScanner scanner = dataset.newScan(); // its close() throws any Exception
      try (ArrowReader reader = scanner.scanBatches()) {
        while (reader.loadNextBatch()) {
          UInt8Vector ids = (UInt8Vector) reader.getVectorSchemaRoot().getVector("row_id");
          UInt4Vector parts = (UInt4Vector) reader.getVectorSchemaRoot().getVector("partition");
          for (int i = 0; i < ids.getValueCount(); i++, row++) {
            assertThat(ids.get(i)).isEqualTo(3 * row);
            assertThat(parts.get(i)).isEqualTo((int) (row % 97));
          }
        }
      } finally {
        scanner.close();
      }
      assertThat(row).isEqualTo((long) PORTIONS * PORTION);
    }
  }

  private static final class Portions implements PartitionTable.Source {
    private int given;

    @Override
    public AssignmentReader.Rows next() {
      if (given == PORTIONS) {
        return null;
      }
      long first = (long) given++ * PORTION;
      long[] ids = new long[PORTION];
      int[] clusters = new int[PORTION];
      for (int i = 0; i < PORTION; i++) {
        ids[i] = 3 * (first + i);
        clusters[i] = (int) ((first + i) % 97);
      }
      return new AssignmentReader.Rows(
          Ids.ofNumbers(io.flashlloyd.io.IdType.INT64, ids), clusters, new float[ids.length]);
    }
  }
}
