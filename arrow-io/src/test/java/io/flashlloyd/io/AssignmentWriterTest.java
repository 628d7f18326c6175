package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.output.AssignmentWriter;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Written here, read back by Parquet's own record reader, and by ours. */
class AssignmentWriterTest {
  private static final int ROWS = 5000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void shouldWriteIdsOfEveryType(IdType type) throws Exception {
    String uri = folder.resolve("part-0.parquet").toString();
    try (AssignmentWriter writer = AssignmentWriter.open(uri, HADOOP, type)) {
      for (int row = 0; row < ROWS; row += 1000) {
        write(writer, type, row);
      }
      assertThat(Path.of(uri)).doesNotExist();
      writer.commit();
    }
    HadoopInputFile file = HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(uri), HADOOP);
    try (ParquetFileReader reader = ParquetFileReader.open(file)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      assertThat(schema.getFields())
          .allMatch(
              field -> field.getRepetition() == org.apache.parquet.schema.Type.Repetition.REQUIRED)
          .extracting(org.apache.parquet.schema.Type::toString)
          .containsExactly(
              switch (type) {
                case ROW_NUMBER, INT64 -> "required int64 id";
                case INT32 -> "required int32 id";
                case STRING -> "required binary id (STRING)";
              },
              "required int32 cluster",
              "required float distance");
      PageReadStore pages = reader.readNextRowGroup();
      RecordReader<Group> rows =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(pages, new GroupRecordConverter(schema));
      assertThat(pages.getRowCount()).isEqualTo(ROWS);
      for (int row = 0; row < ROWS; row++) {
        Group group = rows.read();
        assertThat(group.getValueToString(0, 0)).isEqualTo(id(type, row));
        assertThat(group.getInteger(1, 0)).isEqualTo(row % 17);
        assertThat(group.getFloat(2, 0)).isEqualTo(row / 3f);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadBackInOrder(IdType type) throws Exception {
    String uri = folder.resolve("part-0.parquet").toString();
    try (AssignmentWriter writer = AssignmentWriter.open(uri, HADOOP, type)) {
      for (int row = 0; row < ROWS; row += 1000) {
        write(writer, type, row);
      }
      writer.commit();
    }
    int row = 0;
    try (AssignmentReader reader = AssignmentReader.open(uri, HADOOP)) {
      AssignmentReader.Rows rows = reader.next(777);
      while (rows != null) {
        for (int i = 0; i < rows.ids().rows(); i++, row++) {
          Ids ids = rows.ids();
          assertThat(type == IdType.STRING ? ids.text(i) : Long.toString(ids.number(i)))
              .isEqualTo(id(type, row));
          assertThat(rows.clusters()[i]).isEqualTo(row % 17);
          assertThat(rows.distances()[i]).isEqualTo(row / 3f);
        }
        rows = reader.next(777);
      }
    }
    assertThat(row).isEqualTo(ROWS);
  }

  /** From one row to more than a row group has, ids that jump, by portions of any size. */
  @ParameterizedTest
  @EnumSource(
      value = IdType.class,
      names = {"INT64", "INT32", "STRING"})
  void shouldHoldAnyNumberOfRows(IdType type) throws Exception {
    for (int rows : new int[] {1, 2, 32767, 32769, type == IdType.INT64 ? 1_100_000 : 40_000}) {
      Random random = new Random(rows);
      String uri = folder.resolve("rows-" + rows + ".parquet").toString();
      long[] ids = random.longs(rows).map(id -> type == IdType.INT32 ? (int) id : id).toArray();
      int[] clusters = random.ints(rows, 0, 1 << 20).toArray();
      try (AssignmentWriter writer = AssignmentWriter.open(uri, HADOOP, type)) {
        for (int from = 0; from < rows; ) {
          int to = Math.min(rows, from + 1 + random.nextInt(100_000));
          long[] some = Arrays.copyOfRange(ids, from, to);
          float[] distances = new float[to - from];
          Arrays.fill(distances, to);
          writer.write(
              type == IdType.STRING
                  ? Ids.ofTexts(Arrays.stream(some).mapToObj(Long::toString).toArray(String[]::new))
                  : Ids.ofNumbers(type, some),
              IntBuffer.wrap(clusters, from, to - from).slice(),
              FloatBuffer.wrap(distances));
          from = to;
        }
        writer.commit();
      }
      int row = 0;
      try (AssignmentReader reader = AssignmentReader.open(uri, HADOOP)) {
        for (var some = reader.next(50_000); some != null; some = reader.next(50_000)) {
          for (int i = 0; i < some.clusters().length; i++, row++) {
            Ids read = some.ids();
            long id = type == IdType.STRING ? Long.parseLong(read.text(i)) : read.number(i);
            if (id != ids[row] || some.clusters()[i] != clusters[row]) {
              throw new AssertionError("Row %d of %d of type %s".formatted(row, rows, type));
            }
          }
        }
      }
      assertThat(row).isEqualTo(rows);
    }
  }

  @Test
  void shouldLeaveNothingWithoutCommit() throws Exception {
    String uri = folder.resolve("part-0.parquet").toString();
    try (AssignmentWriter writer = AssignmentWriter.open(uri, HADOOP, IdType.ROW_NUMBER)) {
      write(writer, IdType.ROW_NUMBER, 0);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void shouldRefuseIdsOfAnotherType() throws Exception {
    String uri = folder.resolve("part-0.parquet").toString();
    IntBuffer clusters = IntBuffer.allocate(1);
    FloatBuffer distances = FloatBuffer.allocate(1);
    try (AssignmentWriter writer = AssignmentWriter.open(uri, HADOOP, IdType.STRING)) {
      assertThatThrownBy(() -> writer.write(Ids.rowNumbers(0, 1), clusters, distances))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Ids are of type ROW_NUMBER (expected STRING)");
    }
  }

  private static void write(AssignmentWriter writer, IdType type, int first) throws Exception {
    IntBuffer clusters = IntBuffer.allocate(1000);
    FloatBuffer distances = FloatBuffer.allocate(1000);
    long[] numbers = new long[1000];
    String[] texts = new String[1000];
    for (int i = 0; i < 1000; i++) {
      clusters.put(i, (first + i) % 17);
      distances.put(i, (first + i) / 3f);
      numbers[i] = (first + i) - 20L;
      texts[i] = id(type, first + i);
    }
    switch (type) {
      case ROW_NUMBER -> writer.write(Ids.rowNumbers(first - 20L, 1000), clusters, distances);
      case STRING -> writer.write(Ids.ofTexts(texts), clusters, distances);
      default -> writer.write(Ids.ofNumbers(type, numbers), clusters, distances);
    }
  }

  private static String id(IdType type, int row) {
    return type == IdType.STRING ? "key-" + row : Integer.toString(row - 20);
  }
}
