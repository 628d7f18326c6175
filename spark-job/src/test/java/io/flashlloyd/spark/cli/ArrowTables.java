package io.flashlloyd.spark.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Arrow IPC files as Arrow's own writer makes them. */
final class ArrowTables {
  private ArrowTables() {}

  /**
   * One record batch with a column {@code vector}, FixedSizeList of float32.
   *
   * @param rows each of the same length; null rows and null elements stand for themselves
   */
  static String vectors(Path file, int dimension, Float[]... rows) throws IOException {
    try (BufferAllocator allocator = new RootAllocator();
        FixedSizeListVector column = FixedSizeListVector.empty("vector", dimension, allocator)) {
      Float4Vector values =
          (Float4Vector)
              column.addOrGetVector(FieldType.nullable(MinorType.FLOAT4.getType())).getVector();
      values.allocateNew(Math.max(1, rows.length * dimension));
      for (int row = 0; row < rows.length; row++) {
        if (rows[row] == null) {
          column.setNull(row);
          continue;
        }
        column.setNotNull(row);
        for (int t = 0; t < dimension; t++) {
          if (rows[row][t] == null) {
            values.setNull(row * dimension + t);
          } else {
            values.set(row * dimension + t, rows[row][t]);
          }
        }
      }
      values.setValueCount(rows.length * dimension);
      column.setValueCount(rows.length);
      VectorSchemaRoot root =
          new VectorSchemaRoot(List.of(column.getField()), List.of(column), rows.length);
      try (FileOutputStream out = new FileOutputStream(file.toFile());
          ArrowFileWriter writer = new ArrowFileWriter(root, null, out.getChannel())) {
        writer.start();
        writer.writeBatch();
        writer.end();
      }
    }
    return file.toString();
  }
}
