package io.flashlloyd.io.output;

import io.flashlloyd.io.ChunkAllocator;
import io.flashlloyd.io.InputSpec;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.conf.Configuration;

/** Centroids as one FixedSizeList column of an Arrow IPC file, under Lance's name for it. */
final class ArrowCentroids {
  private static final String COLUMN = "_ivf_centroids";

  private ArrowCentroids() {}

  static void write(String uri, CentroidMatrix centroids, Configuration hadoop) throws IOException {
    try (BesideFile file = new BesideFile(uri, hadoop)) {
      try (WritableByteChannel out = Channels.newChannel(file.create());
          BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE);
          VectorSchemaRoot root =
              VectorSchemaRoot.create(schema(centroids.dimension()), allocator);
          ArrowFileWriter writer = new ArrowFileWriter(root, null, out)) {
        int most = (int) Math.max(1, InputSpec.DEFAULT_CHUNK_BYTES / 4 / centroids.dimension());
        for (int row = 0; row < centroids.k(); row += most) {
          fill(root, centroids, row, Math.min(most, centroids.k() - row));
          writer.writeBatch();
        }
        writer.end();
      }
      file.commit();
    }
  }

  private static Schema schema(int dimension) {
    ArrowType element = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    Field item = new Field("item", FieldType.notNullable(element), null);
    ArrowType list = new ArrowType.FixedSizeList(dimension);
    return new Schema(List.of(new Field(COLUMN, FieldType.notNullable(list), List.of(item))));
  }

  private static void fill(VectorSchemaRoot root, CentroidMatrix centroids, int from, int rows) {
    int dimension = centroids.dimension();
    int values = rows * dimension;
    FixedSizeListVector lists = (FixedSizeListVector) root.getVector(COLUMN);
    Float4Vector elements = (Float4Vector) lists.getDataVector();
    elements.allocateNew(values);
    lists.allocateNew();
    elements
        .getDataBuffer()
        .nioBuffer(0, values * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(centroids.values(), from * dimension, values);
    for (int i = 0; i < values; i++) {
      elements.setIndexDefined(i);
    }
    for (int row = 0; row < rows; row++) {
      lists.setNotNull(row);
    }
    elements.setValueCount(values);
    root.setRowCount(rows);
  }
}
