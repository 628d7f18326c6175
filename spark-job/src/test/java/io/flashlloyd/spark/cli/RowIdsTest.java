package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows named by a column of the input keep its type. */
class RowIdsTest {
  private static final int ROWS = 60;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("ids")
  void shouldNameRowsByTheIdColumn(DataType type, List<?> ids) throws IOException {
    float[][] rows = VectorFiles.blobs(ROWS, 3, 11);
    String named = Tables.identified(folder.resolve("named.parquet"), type, ids, rows);
    String plain = VectorFiles.fbin(folder.resolve("plain.fbin"), rows);

    List<Row> byName = assignments(fit(named, "named", "--id-column", "id"), "id");
    List<Row> byNumber = assignments(fit(plain, "plain"), "id");

    assertThat(byName.get(0).schema().apply("id").dataType()).isEqualTo(type);
    assertThat(byName).hasSize(ROWS);
    for (Row row : byName) {
      int number = ids.indexOf(row.get(0));
      assertThat(row.getInt(1)).as("id %s", row.get(0)).isEqualTo(byNumber.get(number).getInt(1));
      assertThat(row.getFloat(2)).isEqualTo(byNumber.get(number).getFloat(2));
    }
  }

  static Stream<Arguments> ids() {
    return Stream.of(
        arguments(
            DataTypes.StringType,
            IntStream.range(0, ROWS).mapToObj(row -> "döc-" + row * 7 % ROWS).toList()),
        arguments(
            DataTypes.IntegerType, IntStream.range(0, ROWS).mapToObj(row -> 5 - row).toList()),
        arguments(
            DataTypes.LongType,
            LongStream.range(0, ROWS).mapToObj(row -> (1L << 40) - row).toList()));
  }

  private Path fit(String input, String name, String... more) {
    Path run = folder.resolve(name);
    List<String> args =
        new java.util.ArrayList<>(List.of("fit", "--quiet", "--input", input, "--k", "4"));
    args.addAll(List.of("--output", run.toString()));
    args.addAll(List.of(more));
    CommandRun fit = CommandRun.of(args);
    assertThat(fit.status()).as(fit.err()).isZero();
    return run;
  }

  private static List<Row> assignments(Path run, String orderBy) {
    return Tables.read(run.resolve("assignments"), orderBy);
  }
}
