package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of other people's libraries; src/test/js/write_formats.mjs says how they were made. */
class FormatFilesTest {
  static final Path FOLDER = Path.of("src/test/resources/formats");
  private static final int ROWS = 60;
  private static final int DIMENSION = 6;

  /** A file, its columns of vectors, its columns of ids. */
  private static final List<String[]> FILES =
      List.of(
          new String[] {"hyparquet.parquet", "f16 i8 u8 bf16 s.emb", "text word uint64 uuid s.id"},
          new String[] {
            "hyparquet-plain.parquet", "f16 i8 u8 bf16 s.emb", "text word uint64 uuid s.id"
          },
          new String[] {"arrow-rs.parquet", "f16 i8 u8 bf16 s.emb", "text word uint64 s.id"},
          new String[] {"arrow-rs-plain.parquet", "f16 i8 u8 bf16 s.emb", "text word uint64 s.id"},
          new String[] {"duckdb-v1.parquet", "i8 u8 s.emb", "text word uint64 decimal uuid s.id"},
          new String[] {"duckdb-v2.parquet", "i8 u8 s.emb", "text word uint64 decimal uuid s.id"},
          new String[] {"polars.parquet", "i8 u8 f32 s.emb", "text word uint64 decimal s.id"},
          new String[] {"polars-lz4.arrow", "i8 u8 f32 s.emb", "text word uint64 decimal s.id"},
          new String[] {"polars-zstd.arrow", "i8 u8 f32 s.emb", "text word uint64 decimal s.id"},
          new String[] {"polars-stream.arrow", "i8 u8 f32 s.emb", "text word uint64 decimal s.id"},
          new String[] {"apache-arrow.arrow", "f16 i8 u8 bf16 s.emb", "text word uint64 uuid s.id"},
          new String[] {
            "apache-arrow-stream.arrow", "f16 i8 u8 bf16 s.emb", "text word uint64 uuid s.id"
          });

  static List<Arguments> vectors() {
    return columns(1);
  }

  static List<Arguments> ids() {
    return columns(2);
  }

  private static List<Arguments> columns(int kind) {
    List<Arguments> all = new ArrayList<>();
    for (String[] file : FILES) {
      for (String column : file[kind].split(" ", -1)) {
        all.add(Arguments.of(file[0], column));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldReadVectorsBitForBit(String file, String column) throws Exception {
    ElementType type =
        switch (column) {
          case "f16" -> ElementType.FLOAT16;
          case "i8" -> ElementType.INT8;
          case "u8" -> ElementType.UINT8;
          default -> ElementType.FLOAT32;
        };
    for (long chunkBytes : new long[] {1, 150, InputSpec.DEFAULT_CHUNK_BYTES}) {
      VectorDataset dataset = VectorDataset.open(spec(file, column, null, chunkBytes), HADOOP);
      assertThat(dataset.type()).isEqualTo(type);
      assertThat(dataset.dimension()).isEqualTo(DIMENSION);
      Vectors.assertSameBits(Vectors.read(dataset, HADOOP), expected(type), file + " " + column);
    }
  }

  @ParameterizedTest
  @MethodSource("ids")
  void shouldReadIds(String file, String column) throws Exception {
    IntFunction<String> id =
        switch (column) {
          case "word" -> row -> "word-" + row % 7;
          case "uint64" -> row -> Long.toUnsignedString(-1L - row);
          case "decimal" -> row -> Long.toUnsignedString(-1L - row) + ".00";
          case "uuid" -> row -> "7d4266ad-ca13-4cbe-ad7a-%012x".formatted(row);
          default -> row -> row % 2 == 1 ? "row-" + row : "a longer name of row " + row;
        };
    for (long chunkBytes : new long[] {1, 150, InputSpec.DEFAULT_CHUNK_BYTES}) {
      VectorDataset dataset = VectorDataset.open(spec(file, "i8", column, chunkBytes), HADOOP);
      assertThat(dataset.idType()).isEqualTo(IdType.STRING);
      Ids ids = Vectors.ids(dataset, HADOOP);
      assertThat(ids.rows()).isEqualTo(ROWS);
      for (int row = 0; row < ROWS; row++) {
        assertThat(ids.text(row)).as("%s, %s, row %d", file, column, row).isEqualTo(id.apply(row));
      }
    }
  }

  private static InputSpec spec(String file, String column, String ids, long chunkBytes) {
    return new InputSpec(
        List.of(FOLDER.resolve(file).toString()),
        null,
        column,
        ids,
        column.equals("bf16"),
        chunkBytes);
  }

  static float[] expected(ElementType type) {
    float[] values = new float[ROWS * DIMENSION];
    for (int at = 0; at < values.length; at++) {
      int value = (31 * (at / DIMENSION) + 7 * (at % DIMENSION)) % 64 - 32;
      values[at] =
          switch (type) {
            case INT8 -> value;
            case UINT8 -> value + 32;
            case FLOAT16, FLOAT32 -> value / 8f;
          };
    }
    return values;
  }
}
