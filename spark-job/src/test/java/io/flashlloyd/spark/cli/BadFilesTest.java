package io.flashlloyd.spark.cli;

import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flashlloyd.spark.cli.Refusal.Setup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are not what their names or headers say, and inputs that are no files. */
class BadFilesTest {
  private static final float[][] ROWS = VectorFiles.blobs(40, 6, 1);

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void shouldNameTheFileAndSayWhatIsWrong(Setup setup, List<String> message) throws IOException {
    Refusal.ofFit(folder, setup, message.toArray(String[]::new));
  }

  static Stream<Arguments> files() {
    return Stream.of(truncated(), lying(), corrupt(), noInput()).flatMap(cases -> cases);
  }

  private static Stream<Arguments> truncated() {
    return Stream.of(
        bad(
            "truncated npy",
            f -> fit(VectorFiles.truncate(VectorFiles.npy(f.resolve("v.npy"), ROWS), 5)),
            "v.npy: it has 1083 bytes (expected 1088 for the header's 40 x 6",
            "truncated"),
        bad(
            "npy cut within its header",
            f -> fit(VectorFiles.truncate(VectorFiles.npy(f.resolve("v.npy"), ROWS), 1000)),
            "v.npy: its npy header says 118 bytes of 88",
            "truncated"),
        bad(
            "truncated fvecs",
            f -> fit(VectorFiles.truncate(VectorFiles.fvecs(f.resolve("v.fvecs"), ROWS), 5)),
            "v.fvecs: it has 1115 bytes (expected a multiple of 28",
            "truncated"),
        bad(
            "truncated bvecs",
            f -> fit(VectorFiles.truncate(bvecs(f), 1)),
            "v.bvecs: it has 13 bytes (expected a multiple of 7",
            "truncated"),
        bad(
            "truncated fbin",
            f -> fit(VectorFiles.truncate(VectorFiles.fbin(f.resolve("v.fbin"), ROWS), 5)),
            "v.fbin: it has 963 bytes (expected 968 for the header's 40 x 6 float32)",
            "truncated"),
        bad(
            "fbin cut within its header",
            f -> fit(VectorFiles.truncate(VectorFiles.fbin(f.resolve("v.fbin"), ROWS), 963)),
            "v.fbin: it has 5 bytes (expected at least the 8 of a fbin header)"),
        bad(
            "truncated u8bin",
            f -> fit(VectorFiles.bytesBin(f.resolve("v.u8bin"), 5, 3, new byte[14])),
            "v.u8bin: it has 22 bytes (expected 23 for the header's 5 x 3",
            "truncated"),
        bad(
            "truncated i8bin",
            f -> fit(VectorFiles.bytesBin(f.resolve("v.i8bin"), 5, 3, new byte[14])),
            "v.i8bin: it has 22 bytes (expected 23 for the header's 5 x 3",
            "truncated"),
        bad(
            "truncated Parquet",
            f -> fit(VectorFiles.truncate(parquet(f), 100)),
            "v.parquet: cannot be decoded as Parquet",
            "truncated or corrupt"));
  }

  private static Stream<Arguments> lying() {
    return Stream.of(
        bad(
            "fbin header with more rows than there are",
            f -> fit(VectorFiles.fbin(f.resolve("v.fbin"), 41, 6, ROWS)),
            "v.fbin: it has 968 bytes (expected 992 for the header's 41 x 6",
            "header lies"),
        bad(
            "fbin header with fewer rows than there are",
            f -> fit(VectorFiles.fbin(f.resolve("v.fbin"), 39, 6, ROWS)),
            "v.fbin: it has 968 bytes (expected 944"),
        bad(
            "fbin header whose size overflows 64 bits",
            f -> fit(VectorFiles.fbin(f.resolve("v.fbin"), -1, Integer.MAX_VALUE, ROWS)),
            "v.fbin: it has 968 bytes (expected 36893488121649299468"),
        bad(
            "u8bin header of dimension 0",
            f -> fit(VectorFiles.bytesBin(f.resolve("v.u8bin"), 5, 0, new byte[0])),
            "v.u8bin: its header says dimension 0 (expected 1 to"),
        bad(
            "npy header with more rows than there are",
            f -> fit(VectorFiles.npy(f.resolve("v.npy"), "<f4", "(400, 6)", ROWS)),
            "v.npy: it has 1088 bytes (expected 9728 for the header's 400 x 6"),
        bad(
            "npy header of another type",
            f -> fit(VectorFiles.npy(f.resolve("v.npy"), "<f8", "(40, 6)", ROWS)),
            "v.npy: it has 1088 bytes (expected 2048 for the header's 40 x 6"),
        bad(
            "npy of complex numbers",
            f -> fit(VectorFiles.npy(f.resolve("v.npy"), "<c8", "(20, 6)", ROWS)),
            "v.npy: its npy type is '<c8' (expected little-endian"),
        bad(
            "npy of one side",
            f -> fit(VectorFiles.npy(f.resolve("v.npy"), "<f4", "(240,)", ROWS)),
            "v.npy: its npy shape is (240,) (expected two sides: rows, dimension)"),
        bad(
            "fvecs of a negative dimension",
            f -> fit(VectorFiles.damage(VectorFiles.fvecs(f.resolve("v.fvecs"), ROWS), 0, 4)),
            "v.fvecs, row 0: its dimension is -1 (expected at least 1)"));
  }

  private static Stream<Arguments> corrupt() {
    return Stream.of(
        bad(
            "Parquet with damaged pages",
            f -> fit(VectorFiles.damage(parquet(f), 4, 60)),
            "v.parquet: cannot be decoded as Parquet",
            "truncated or corrupt"),
        bad(
            "text called .parquet",
            f -> fit(text(f.resolve("v.parquet"))),
            "v.parquet: cannot be decoded as Parquet"),
        bad("text called .npy", f -> fit(text(f.resolve("v.npy"))), "v.npy: does not start with"),
        bad(
            "a file of no known format",
            f -> fit(text(f.resolve("v.csv"))),
            "v.csv: neither its extension nor its first bytes tell its format",
            "expected one of parquet, arrow, npy, npz, fvecs, bvecs, fbin, u8bin, i8bin, hdf5",
            "--format"));
  }

  private static Stream<Arguments> noInput() {
    return Stream.of(
        bad("no such file", f -> fit(f + "/none.npy"), "none.npy: does not exist", "check the"),
        bad("a glob without a match", f -> fit(f + "/*.npy"), "*.npy: does not exist"),
        bad(
            "a name below a file",
            f -> fit(text(f.resolve("v.npy")) + "/x.npy"),
            "v.npy/x.npy: does not exist; check the path"),
        bad("an empty folder", f -> fit(emptyFolder(f)), "nothing: holds no files"),
        bad(
            "a file system that nobody knows",
            f -> fit("gopher://there/v.npy"),
            "gopher://there/v.npy: its file system cannot be reached"),
        bad(
            "files without rows",
            f ->
                fit(
                    VectorFiles.fbin(f.resolve("a.fbin"), 0, 6),
                    VectorFiles.fbin(f.resolve("b.fbin"), 0, 6)),
            "a.fbin, ",
            "b.fbin: the input has no rows (expected at least one vector); check where"),
        bad(
            "an empty fvecs file",
            f -> fit(VectorFiles.fvecs(f.resolve("v.fvecs"))),
            "v.fvecs: the input has no rows"),
        bad(
            "an empty Parquet file",
            f -> fit(Tables.vectors(f.resolve("v.parquet"))),
            "v.parquet: the input has no rows"));
  }

  private static Arguments bad(String name, Setup setup, String... message) {
    return arguments(named(name, setup), List.of(message));
  }

  private static List<String> fit(String... inputs) {
    return Stream.concat(Stream.of("--k", "2", "--input"), Stream.of(inputs)).toList();
  }

  private static String bvecs(Path folder) throws IOException {
    return VectorFiles.bvecs(folder.resolve("v.bvecs"), new byte[3], new byte[3]);
  }

  private static String parquet(Path folder) throws IOException {
    Float[][] rows = Stream.of(ROWS).map(Tables::boxed).toArray(Float[][]::new);
    return Tables.vectors(folder.resolve("v.parquet"), rows);
  }

  private static String text(Path file) throws IOException {
    String text = "x,y\n" + "1.0,2.0\n".repeat(20);
    return Files.write(file, text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static String emptyFolder(Path folder) throws IOException {
    return Files.createDirectory(folder.resolve("nothing")).toString();
  }
}
