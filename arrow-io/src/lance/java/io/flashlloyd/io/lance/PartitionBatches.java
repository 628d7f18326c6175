package io.flashlloyd.io.lance;

import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.lists.PartitionTable;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Rows as the record batches that Lance pulls. */
final class PartitionBatches extends ArrowReader {
  private static final Schema SCHEMA =
      new Schema(List.of(column("row_id", 64), column("partition", 32)));

  private final PartitionTable.Source rows;

  PartitionBatches(BufferAllocator memory, PartitionTable.Source rows) {
    super(memory);
    this.rows = rows;
  }

  private static Field column(String name, int bits) {
    return new Field(name, FieldType.notNullable(new ArrowType.Int(bits, false)), null);
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    AssignmentReader.Rows some = rows.next();
    if (some == null) {
      return false;
    }
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    UInt8Vector ids = (UInt8Vector) root.getVector(0);
    UInt4Vector partitions = (UInt4Vector) root.getVector(1);
    int count = some.clusters().length;
    ids.allocateNew(count);
    partitions.allocateNew(count);
    for (int i = 0; i < count; i++) {
      ids.set(i, some.ids().number(i));
      partitions.set(i, some.clusters()[i]);
    }
    root.setRowCount(count);
    return true;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() {
    return SCHEMA;
  }
}
