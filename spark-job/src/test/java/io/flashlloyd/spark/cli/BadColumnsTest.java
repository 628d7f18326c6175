package io.flashlloyd.spark.cli;

import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashlloyd.spark.cli.Refusal.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns that are not there, not vectors, or not ids. */
class BadColumnsTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("columns")
  void shouldNameTheColumnsThatThereAre(Setup setup, List<String> message) throws IOException {
    Refusal.ofFit(folder, setup, message.toArray(String[]::new));
  }

  static Stream<Arguments> columns() {
    return Stream.concat(vectorColumns(), idColumns());
  }

  private static Stream<Arguments> vectorColumns() {
    return Stream.of(
        bad(
            "missing column",
            f -> fit(table(f), "--column", "embedding"),
            "v.parquet: has no column 'embedding' (expected one of [",
            "name: ",
            "left: ",
            "right: "),
        bad(
            "wrong column type",
            f -> fit(table(f), "--column", "name"),
            "v.parquet: column 'name' does not hold vectors (expected lists of floats"),
        bad(
            "array of strings",
            f -> fit(table(f), "--column", "tags"),
            "v.parquet: column 'tags' does not hold vectors (expected lists of floats"),
        bad(
            "two columns of vectors and none named",
            f -> fit(table(f)),
            "v.parquet: columns [left, right] all hold vectors (expected one)",
            "--column"),
        bad(
            "no column of vectors",
            f -> fit(noVectors(f)),
            "v.parquet: no column holds vectors (expected a list of floats or bytes)",
            "name: "),
        bad(
            "a column asked of a format without columns",
            f -> fit(VectorFiles.fbin(f.resolve("v.fbin"), new float[2]), "--column", "vector"),
            "v.fbin: has no columns (expected one called 'vector')"));
  }

  private static Stream<Arguments> idColumns() {
    return Stream.of(
        bad(
            "missing id column",
            f -> fit(table(f), "--column", "left", "--id-column", "doc"),
            "v.parquet: has no column 'doc' (expected one of ["),
        bad(
            "id column that cannot name rows",
            f -> fit(table(f), "--column", "left", "--id-column", "price"),
            "v.parquet: id column 'price' is ",
            "(expected integers, decimals, UUIDs or strings)"),
        bad(
            "null id",
            f -> fit(table(f), "--column", "left", "--id-column", "name", "--max-iter", "0"),
            "v.parquet, row 1: id column 'name' is null (expected a value)"),
        bad(
            "an id column asked of a format without columns",
            f -> fit(VectorFiles.npy(f.resolve("v.npy"), new float[2]), "--id-column", "doc"),
            "v.npy: has no columns (expected one called 'doc')"));
  }

  private static Arguments bad(String name, Setup setup, String... message) {
    return arguments(named(name, setup), List.of(message));
  }

  private static List<String> fit(String input, String... more) {
    return Stream.concat(Stream.of("--k", "2", "--input", input), Stream.of(more)).toList();
  }

  private static String table(Path folder) throws IOException {
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("price", DataTypes.DoubleType)
            .add("tags", DataTypes.createArrayType(DataTypes.StringType))
            .add("left", Tables.FLOATS)
            .add("right", Tables.FLOATS);
    Object vector = new Float[] {1f, 2f};
    Object other = new Float[] {5f, 7f};
    Object tags = new String[] {"a"};
    return Tables.parquet(
        folder.resolve("v.parquet"),
        schema,
        List.of(
            RowFactory.create("one", 1.0, tags, vector, vector),
            RowFactory.create(null, 2.0, tags, other, vector)));
  }

  private static String noVectors(Path folder) throws IOException {
    return Tables.parquet(
        folder.resolve("v.parquet"),
        new StructType().add("name", DataTypes.StringType),
        List.of(RowFactory.create("one")));
  }
}
