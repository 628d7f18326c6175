package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that NumPy and pyarrow wrote; src/test/python/write_interop.py says how. */
class InteropTest {
  private static final Path FOLDER = Path.of("src/test/resources/interop");
  private static final int ROWS = 900;
  private static final int DIMENSION = 12;

  static List<String> columnFiles() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".npy"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("columnFiles")
  void shouldReadPyarrow(String name) throws Exception {
    for (long chunkBytes : new long[] {1000, 40_000, InputSpec.DEFAULT_CHUNK_BYTES}) {
      InputSpec spec = new InputSpec(List.of(uri(name)), null, "vector", null, chunkBytes);
      VectorDataset dataset = VectorDataset.open(spec, HADOOP);
      assertThat(dataset.type()).isEqualTo(type(name));
      assertThat(dataset.rows()).isEqualTo(ROWS);
      assertThat(dataset.dimension()).isEqualTo(DIMENSION);
      assertThat(Vectors.read(dataset, HADOOP)).containsExactly(expected(dataset.type()));
    }
  }

  @ParameterizedTest
  @MethodSource("columnFiles")
  void shouldReadIdsOfEveryType(String name) throws Exception {
    Ids numbers = ids(name, "id", IdType.INT64);
    Ids texts = ids(name, "name", IdType.STRING);
    Ids small = ids(name, "small", IdType.INT32);
    for (int row = 0; row < ROWS; row++) {
      assertThat(numbers.number(row)).isEqualTo(3L * row - 100);
      assertThat(texts.text(row)).isEqualTo("row-" + row);
      assertThat(small.number(row)).isEqualTo(row % 200);
    }
  }

  @ParameterizedTest
  @MethodSource("columnFiles")
  void shouldNameTheRowWithoutAnId(String name) throws Exception {
    InputSpec spec = new InputSpec(List.of(uri(name)), null, "vector", "note", 7000);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    assertThatThrownBy(() -> Vectors.ids(dataset, HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining(name + ", row 1: id column 'note' is null (expected a value)");
  }

  @ParameterizedTest
  @CsvSource({"f2.npy,FLOAT16", "f8.npy,FLOAT32", "u1.npy,UINT8", "version_2.npy,INT8"})
  void shouldReadNumpy(String name, ElementType type) throws Exception {
    InputSpec spec = new InputSpec(List.of(uri(name)), null, null, null, 1000);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    assertThat(dataset.type()).isEqualTo(type);
    assertThat(Vectors.read(dataset, HADOOP)).containsExactly(expected(type));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "fortran.npy#in Fortran order (expected C order); save np.ascontiguousarray(array)",
        "big_endian.npy#'>f4' (expected little-endian <f2, <f4, <f8, |u1 or |i1); it is big-endian",
        "rank_1.npy#shape is (12,) (expected two sides: rows, dimension)",
        "int64.npy#'<i8' (expected little-endian",
      })
  void shouldRefuseOtherNumpyArrays(String name, String message) {
    assertThatThrownBy(() -> VectorDataset.open(InputSpec.of(uri(name)), HADOOP))
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }

  @Test
  void shouldMixFilesAndTypes() throws Exception {
    InputSpec spec =
        InputSpec.of(uri("u1.npy"), uri("f2.npy"), uri("*_f4_zstd.arrow"), uri("f8.npy"));
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    assertThat(dataset.files()).hasSize(5);
    assertThat(dataset.type()).isEqualTo(ElementType.FLOAT32);
    List<Float> all = new ArrayList<>();
    for (ElementType type :
        List.of(
            ElementType.UINT8,
            ElementType.FLOAT16,
            ElementType.FLOAT32,
            ElementType.FLOAT32,
            ElementType.FLOAT32)) {
      for (float value : expected(type)) {
        all.add(value);
      }
    }
    assertThat(Vectors.read(dataset, HADOOP)).containsExactly(all.toArray(Float[]::new));
  }

  private static Ids ids(String name, String column, IdType type) throws Exception {
    InputSpec spec = new InputSpec(List.of(uri(name)), null, null, column, 7000);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);
    assertThat(dataset.idType()).isEqualTo(type);
    return Vectors.ids(dataset, HADOOP);
  }

  private static ElementType type(String name) {
    if (name.contains("_u1")) {
      return ElementType.UINT8;
    }
    if (name.contains("_i1")) {
      return ElementType.INT8;
    }
    return name.contains("_f2") ? ElementType.FLOAT16 : ElementType.FLOAT32;
  }

  private static float[] expected(ElementType type) {
    float[] values = new float[ROWS * DIMENSION];
    for (int row = 0; row < ROWS; row++) {
      for (int t = 0; t < DIMENSION; t++) {
        int value = (31 * row + 7 * t) % 64 - 32;
        values[row * DIMENSION + t] =
            switch (type) {
              case UINT8 -> value + 32;
              case INT8 -> value;
              default -> value / 8f;
            };
      }
    }
    return values;
  }

  private static String uri(String name) {
    return FOLDER.resolve(name).toString();
  }
}
