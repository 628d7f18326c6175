package io.flashlloyd.spark.run;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.Mutants;
import io.flashlloyd.io.Mutants.Original;
import io.flashlloyd.io.Mutants.Reading;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.checkpoint.CheckpointFolder;
import io.flashlloyd.spark.checkpoint.CheckpointSettings;
import io.flashlloyd.spark.checkpoint.RunIdentity;
import io.flashlloyd.spark.fit.LloydState;
import io.flashlloyd.spark.report.ClusterSizes;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.RunReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged reports, models and checkpoints. */
class FuzzIT {
  private static final int MUTANTS = 4_000;
  private static final Configuration HADOOP = new Configuration();
  private static final RunIdentity IDENTITY = new RunIdentity(Map.of("k", "3", "seed", "7"));
  private static final Centroids CENTROIDS = new Centroids(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);

  @Test
  void shouldReadOrRefuseDamagedResults(@TempDir Path folder) throws Exception {
    Mutants.inSmallHeap(FuzzIT.class, MUTANTS, folder);
  }

  /** The folder, how many, and the seed. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            // Spark wants more heap than a test of memory can give it.
            .config("spark.testing.memory", 1L << 30)
            .getOrCreate();
    Mutants.check(
        corpus(Files.createDirectory(folder.resolve("whole")), spark),
        folder,
        Integer.parseInt(arguments[1]),
        Long.parseLong(arguments[2]));
  }

  private static List<Original> corpus(Path folder, SparkSession spark) throws IOException {
    List<Original> corpus = new ArrayList<>();
    Path report = Files.createDirectory(folder.resolve("run")).resolve(RunFolder.REPORT);
    try (OutputStream out = Files.newOutputStream(report)) {
      report().write(out);
    }
    add(corpus, "report", folder, "run", FuzzIT::openRun);
    Path model = folder.resolve("model");
    new FlashKMeansModel("kmeans_1", CENTROIDS).write().session(spark).save(model.toString());
    add(corpus, "model", folder, "model", root -> ModelFolder.load(root.toString(), spark));
    Path checkpoint = folder.resolve("checkpoint");
    CheckpointFolder.open(settings(checkpoint), IDENTITY, HADOOP)
        .reached(new LloydState(CENTROIDS, CENTROIDS, iterations(), false));
    add(corpus, "checkpoint", folder, "checkpoint", FuzzIT::resume);
    add(corpus, "checkpoint, signed", folder, "checkpoint", FuzzIT::resumeSigned);
    return corpus;
  }

  private static RunReport report() {
    return RunReport.of(
        new RunReport.Asked(
            "fit", 3, Map.of("format", "auto", "column", "v"), Map.of("flashlloyd", "1"), null),
        new RunReport.Input(30, 2, "float32", List.of("file:/a.npy"), null),
        new RunReport.Outcome(3, true, iterations(), 1.5, ClusterSizes.of(new long[] {10, 10, 10})),
        new RunReport.Work("cpu", Map.of("read", 1.0), null),
        null);
  }

  private static List<IterationReport> iterations() {
    return List.of(new IterationReport(1, 2.5, 0.5, 30, 0, 0, Map.of("total", 1.0), Map.of()));
  }

  /** Each of a folder's files, to be damaged while the others are whole. */
  private static void add(
      List<Original> corpus, String format, Path folder, String root, Reading reading)
      throws IOException {
    List<Path> files = files(folder.resolve(root));
    for (Path file : files) {
      String name = folder.relativize(file).toString();
      Reading inPlace =
          damaged -> {
            // .../worker-N/NAME
            Path place =
                Path.of(
                    damaged.toString().substring(0, damaged.toString().length() - name.length()));
            byte[] bytes = Files.readAllBytes(damaged);
            for (Path other : files) {
              Path copy = place.resolve(folder.relativize(other).toString());
              Files.createDirectories(copy.getParent());
              Files.write(copy, other.equals(file) ? bytes : Files.readAllBytes(other));
            }
            try {
              reading.read(place.resolve(root));
            } catch (IllegalArgumentException e) { // what commands take for the user's fault
              throw new VectorInputException(e.getMessage(), e);
            }
          };
      corpus.add(new Original(format, name, Files.readAllBytes(file), inPlace));
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> !path.toString().endsWith(".crc"))
          .filter(path -> !path.getFileName().toString().equals("_SUCCESS"))
          .sorted()
          .toList();
    }
  }

  private static void openRun(Path folder) throws IOException {
    StoredRun run = StoredRun.open(folder.toString(), HADOOP);
    run.input();
  }

  private static void resume(Path folder) throws IOException {
    CheckpointFolder.open(settings(folder), IDENTITY, HADOOP).resumed(100);
  }

  /** The manifest says that what is there is right, as it would of a file that was written so. */
  private static void resumeSigned(Path folder) throws IOException {
    Path place = files(folder).get(0).getParent();
    StringBuilder manifest = new StringBuilder("{");
    for (Path file : files(place)) {
      String name = file.getFileName().toString();
      if (!name.equals("manifest.json")) {
        manifest.append(manifest.length() > 1 ? "," : "");
        manifest.append("\"%s\":\"%s\"".formatted(name, hash(file)));
      }
    }
    Files.writeString(place.resolve("manifest.json"), manifest + "}");
    resume(folder);
  }

  private static String hash(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CheckpointSettings settings(Path folder) {
    return new CheckpointSettings(folder.toString(), 1, true);
  }
}
