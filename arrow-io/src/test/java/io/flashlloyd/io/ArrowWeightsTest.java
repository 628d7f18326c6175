package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of weights in files and streams that Arrow's own writer made. */
class ArrowWeightsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int NULL_ROW = 11;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"w.arrow", "w.arrows"})
  void shouldReadNumbersOfEveryType(String name) throws IOException {
    for (long seed = 1; seed <= 10; seed++) {
      Random random = new Random(seed);
      double[] weights = new double[20 + random.nextInt(200)];
      Arrays.setAll(weights, i -> random.nextInt(1 << 20));
      String file = write(folder.resolve(seed + name), weights, random);
      for (String column : List.of("i32", "i64", "f32", "f64", "s.w")) {
        double[] expected = weights.clone();
        if (column.equals("f64") || column.equals("s.w")) {
          Arrays.setAll(expected, i -> weights[i] + 0.1);
          expected[NULL_ROW] = Double.NaN;
        }
        assertThat(read(file, column, random)).as("%s, seed %d", column, seed).isEqualTo(expected);
      }
      for (String column : List.of("none", "v", "s")) {
        assertThatThrownBy(() -> read(file, column, random))
            .isInstanceOf(VectorInputException.class)
            .hasMessageContaining("has no column '%s' of weights (expected".formatted(column));
      }
    }
  }

  private static double[] read(String file, String column, Random random) throws IOException {
    VectorDataset dataset = VectorDataset.open(InputSpec.of(file).weightedBy(column), HADOOP);
    double[] all = {};
    for (VectorSplit split : dataset.splits()) {
      try (WeightReader reader = VectorReaders.openWeights(dataset, split, HADOOP)) {
        int most = 1 + random.nextInt(50);
        for (double[] some = reader.next(most); some != null; some = reader.next(most)) {
          assertThat(some).hasSizeBetween(1, most);
          int from = all.length;
          all = Arrays.copyOf(all, from + some.length);
          System.arraycopy(some, 0, all, from, some.length);
        }
      }
    }
    return all;
  }

  private static Field field(String name, ArrowType type, Field... children) {
    return new Field(name, FieldType.nullable(type), List.of(children));
  }

  /** Each type as a column, a field of a struct, and a null in two of them; random batches. */
  private static String write(Path path, double[] weights, Random random) throws IOException {
    Schema schema =
        new Schema(
            List.of(
                field("v", new ArrowType.FixedSizeList(1), field("e", MinorType.FLOAT4.getType())),
                field("i32", MinorType.INT.getType()),
                field("i64", MinorType.BIGINT.getType()),
                field("f32", MinorType.FLOAT4.getType()),
                field("f64", MinorType.FLOAT8.getType()),
                field("s", MinorType.STRUCT.getType(), field("w", MinorType.FLOAT8.getType()))));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        FileOutputStream out = new FileOutputStream(path.toFile());
        ArrowWriter writer =
            path.toString().endsWith(".arrows")
                ? new ArrowStreamWriter(root, null, out.getChannel())
                : new ArrowFileWriter(root, null, out.getChannel())) {
      writer.start();
      for (int first = 0; first < weights.length; ) {
        int count = Math.min(weights.length - first, 1 + random.nextInt(60));
        fill(root, weights, first, count);
        writer.writeBatch();
        first += count;
      }
      writer.end();
    }
    return path.toString();
  }

  private static void fill(VectorSchemaRoot root, double[] weights, int first, int count) {
    root.clear();
    FixedSizeListVector vectors = (FixedSizeListVector) root.getVector("v");
    StructVector structs = (StructVector) root.getVector("s");
    Float8Vector fields = structs.getChild("w", Float8Vector.class);
    for (int row = 0; row < count; row++) {
      double weight = weights[first + row];
      vectors.setNotNull(row);
      ((Float4Vector) vectors.getDataVector()).setSafe(row, row);
      ((IntVector) root.getVector("i32")).setSafe(row, (int) weight);
      ((BigIntVector) root.getVector("i64")).setSafe(row, (long) weight);
      ((Float4Vector) root.getVector("f32")).setSafe(row, (float) weight);
      structs.setIndexDefined(row);
      if (first + row == NULL_ROW) {
        ((Float8Vector) root.getVector("f64")).setNull(row);
        fields.setNull(row);
      } else {
        ((Float8Vector) root.getVector("f64")).setSafe(row, weight + 0.1);
        fields.setSafe(row, weight + 0.1);
      }
    }
    root.setRowCount(count);
  }
}
