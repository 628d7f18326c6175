package io.flashlloyd.spark.cli;

import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashlloyd.spark.cli.Refusal.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are whole and hold rows that cannot be clustered. */
class BadVectorsTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void shouldNameTheRowAndSayWhatIsWrong(Setup setup, List<String> message) throws IOException {
    Refusal.ofFit(folder, setup, message.toArray(String[]::new));
  }

  static Stream<Arguments> files() {
    return Stream.concat(notFinite(), notVectors());
  }

  private static Stream<Arguments> notFinite() {
    return Stream.of(
        bad(
            "NaN in fbin",
            f -> fit(VectorFiles.fbin(f.resolve("v.fbin"), row(1, 2), row(3, 4), row(5, NAN))),
            "v.fbin, row 2, column 1: the value is NaN",
            "finite"),
        bad(
            "infinity in fbin",
            f -> fit(VectorFiles.fbin(f.resolve("v.fbin"), row(1, 2), row(-INFINITY, 4))),
            "v.fbin, row 1, column 0: the value is -Infinity"),
        bad(
            "NaN in npy",
            f -> fit(VectorFiles.npy(f.resolve("v.npy"), row(NAN, 2), row(3, 4))),
            "v.npy, row 0, column 0: the value is NaN"),
        bad(
            "infinity in fvecs",
            f -> fit(VectorFiles.fvecs(f.resolve("v.fvecs"), row(1, 2), row(3, INFINITY))),
            "v.fvecs, row 1, column 1: the value is Infinity"),
        bad(
            "NaN in Parquet",
            f -> fit(Tables.vectors(f.resolve("v.parquet"), list(1, 2), list(3, NAN))),
            "v.parquet, row 1, column 1: the value is NaN"),
        bad(
            "float64 beyond float32 in Parquet",
            f -> fit(mlVectors(f.resolve("v.parquet"), new double[] {1, 1e39}, new double[2])),
            "v.parquet, row 0, column 1: the value is 1.0E39"),
        bad(
            "NaN in the second of two files",
            f ->
                fit(
                    VectorFiles.fbin(f.resolve("a.fbin"), row(1, 2), row(3, 4)),
                    VectorFiles.fbin(f.resolve("b.fbin"), row(1, NAN))),
            "b.fbin, row 0, column 1: the value is NaN"));
  }

  private static Stream<Arguments> notVectors() {
    return Stream.of(
        bad(
            "rows of different length in fvecs",
            f ->
                fit(
                    VectorFiles.fvecs(
                        f.resolve("v.fvecs"), row(1, 2), row(1, 2), row(1, 2, 3, 4, 5))),
            "v.fvecs, row 2: the vector has 5 values (expected 2)"),
        bad(
            "rows of different length in bvecs",
            f -> fit(VectorFiles.bvecs(f.resolve("v.bvecs"), new byte[12], new byte[28])),
            "v.bvecs, row 1: the vector has 28 values (expected 12)"),
        bad(
            "rows of different length in Parquet",
            f -> fit(Tables.vectors(f.resolve("v.parquet"), list(1, 2), list(1, 2, 3))),
            "v.parquet, row 1: the vector has 3 values (expected 2)"),
        bad(
            "rows of different length in Parquet, the mean length whole",
            f -> fit(Tables.vectors(f.resolve("v.parquet"), list(1, 2, 3), list(1))),
            "v.parquet, row 0: the vector has 3 values (expected 2)"),
        bad(
            "vectors of different length in MLlib's type",
            f -> fit(mlVectors(f.resolve("v.parquet"), new double[2], new double[3])),
            "v.parquet, row 1: the vector has 3 values (expected 2)"),
        bad(
            "files of different dimension",
            f ->
                fit(
                    VectorFiles.fbin(f.resolve("a.fbin"), row(1, 2)),
                    VectorFiles.fbin(f.resolve("b.fbin"), row(1, 2, 3))),
            "b.fbin: its vectors have dimension 3 (expected 2, as in ",
            "a.fbin)"),
        bad(
            "null vector in Parquet",
            f -> fit(Tables.vectors(f.resolve("v.parquet"), list(1, 2), null, list(3, 4))),
            "v.parquet, row 1: the vector is null (expected"),
        bad(
            "null element in Parquet",
            f -> fit(Tables.vectors(f.resolve("v.parquet"), list(1, 2), new Float[] {1f, null})),
            "v.parquet, row 1, column 1: the value is null (expected"),
        bad(
            "empty vector in Parquet",
            f -> fit(Tables.vectors(f.resolve("v.parquet"), new Float[0], new Float[0])),
            "v.parquet, row 0: the vector is empty (expected at least one value)"));
  }

  private static Arguments bad(String name, Setup setup, String... message) {
    return arguments(named(name, setup), List.of(message));
  }

  private static List<String> fit(String... inputs) {
    return Stream.concat(Stream.of("--k", "2", "--input"), Stream.of(inputs)).toList();
  }

  private static float[] row(float... values) {
    return values;
  }

  private static Float[] list(float... values) {
    return Tables.boxed(values);
  }

  private static String mlVectors(Path file, double[]... rows) throws IOException {
    List<Row> table =
        Stream.of(rows).map(values -> RowFactory.create(Vectors.dense(values))).toList();
    return Tables.parquet(file, new StructType().add("vector", SQLDataTypes.VectorType()), table);
  }
}
