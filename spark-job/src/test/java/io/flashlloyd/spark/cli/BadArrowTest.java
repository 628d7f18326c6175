package io.flashlloyd.spark.cli;

import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashlloyd.spark.cli.Refusal.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrow IPC files that cannot be clustered. */
class BadArrowTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void shouldNameTheFileAndSayWhatIsWrong(Setup setup, List<String> message) throws IOException {
    Refusal.ofFit(folder, setup, message.toArray(String[]::new));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        bad(
            "NaN",
            f -> fit(ArrowTables.vectors(f.resolve("v.arrow"), 2, row(1, 2), row(3, Float.NaN))),
            "v.arrow, row 1, column 1: the value is NaN"),
        bad(
            "infinity",
            f -> fit(ArrowTables.vectors(f.resolve("v.arrow"), 1, row(Float.POSITIVE_INFINITY))),
            "v.arrow, row 0, column 0: the value is Infinity"),
        bad(
            "null vector",
            f -> fit(ArrowTables.vectors(f.resolve("v.arrow"), 2, row(1, 2), null)),
            "v.arrow, row 1: the vector is null (expected"),
        bad(
            "null element",
            f -> fit(ArrowTables.vectors(f.resolve("v.arrow"), 2, new Float[] {null, 2f})),
            "v.arrow, row 0, column 0: the value is null (expected"),
        bad(
            "no rows",
            f -> fit(ArrowTables.vectors(f.resolve("v.arrow"), 2)),
            "v.arrow: the input has no rows"),
        bad(
            "missing column",
            f -> fit(whole(f), "--column", "embedding"),
            "v.arrow: has no column 'embedding' (expected one of [vector: "),
        bad(
            "missing id column",
            f -> fit(whole(f), "--id-column", "doc"),
            "v.arrow: has no column 'doc' (expected one of [vector: "),
        bad(
            "an id column of vectors",
            f -> fit(whole(f), "--id-column", "vector"),
            "v.arrow: id column 'vector' is ",
            "(expected integers, decimals, UUIDs or strings)"),
        bad(
            "truncated",
            f -> fit(VectorFiles.truncate(whole(f), 20)),
            "v.arrow: does not end with the magic ARROW1; it is truncated"),
        bad(
            "damaged footer",
            f -> fit(damagedBeforeEnd(whole(f), 120, 100)),
            "v.arrow: ",
            "corrupt"),
        bad(
            "a footer longer than the file",
            f -> fit(damagedBeforeEnd(whole(f), 10, 3)),
            "v.arrow: says that its footer has ",
            "corrupt"),
        bad(
            "zeros",
            f -> fit(Files.write(f.resolve("v.arrow"), new byte[300]).toString()),
            "v.arrow: starts neither with the magic ARROW1 of an Arrow IPC file"));
  }

  private static Arguments bad(String name, Setup setup, String... message) {
    return arguments(named(name, setup), List.of(message));
  }

  private static List<String> fit(String input, String... more) {
    return Stream.concat(Stream.of("--k", "2", "--input", input), Stream.of(more)).toList();
  }

  private static Float[] row(float... values) {
    return Tables.boxed(values);
  }

  private static String whole(Path folder) throws IOException {
    Float[][] rows =
        Arrays.stream(VectorFiles.blobs(40, 6, 1)).map(Tables::boxed).toArray(Float[][]::new);
    return ArrowTables.vectors(folder.resolve("v.arrow"), 6, rows);
  }

  private static String damagedBeforeEnd(String file, int fromEnd, int count) throws IOException {
    return VectorFiles.damage(file, (int) Files.size(Path.of(file)) - fromEnd, count);
  }
}
