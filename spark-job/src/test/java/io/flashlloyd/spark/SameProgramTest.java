package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flashlloyd.engine.Centroids;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One pipeline program, compiled twice: against MLlib's KMeans and against ours. Nothing in it but
 * the import and the class's name changes.
 */
class SameProgramTest {
  private static final double[][] MEANS = {{0, 0, 0}, {64, 0, -32}, {0, 96, 8}, {-48, -48, 80}};

  @TempDir private Path folder;

  @SuppressWarnings("ArrayRecordComponent") // what a program found, looked at field by field
  private record Result(
      List<Integer> clusters,
      Vector[] centers,
      double cost,
      long[] sizes,
      double silhouette,
      int numFeatures) {}

  @Test
  void shouldFindTheSameClusters() throws Exception {
    Dataset<Row> data = data();
    Result theirs = run(KMeans.class, data);
    Result ours = run(FlashKMeans.class, data);

    Map<Integer, Integer> renumbered = new HashMap<>();
    for (int row = 0; row < ours.clusters().size(); row++) {
      int their = theirs.clusters().get(row);
      int our = ours.clusters().get(row);
      assertThat(renumbered.putIfAbsent(our, their)).isIn(null, their);
    }
    assertThat(renumbered.values()).containsExactlyInAnyOrder(0, 1, 2, 3);
    renumbered.forEach(
        (our, their) -> {
          assertThat(ours.sizes()[our]).isEqualTo(theirs.sizes()[their]);
          for (int t = 0; t < 3; t++) {
            assertThat(ours.centers()[our].apply(t))
                .isCloseTo(theirs.centers()[their].apply(t), within(1e-5));
          }
        });
    assertThat(ours.numFeatures()).isEqualTo(theirs.numFeatures()).isEqualTo(3);
    assertThat(ours.silhouette()).isCloseTo(theirs.silhouette(), within(1e-12));
    double expected = cost(data, ours.centers());
    assertThat(ours.cost()).isCloseTo(expected, within(1e-9 * expected));
    assertThat(theirs.cost()).isCloseTo(expected, within(1e-6 * expected));
  }

  /** Multiples of 1/8 about four far means, with weights of 1, 2 and 3. */
  private static Dataset<Row> data() {
    Random random = new Random(31);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      double[] mean = MEANS[i % 4];
      rows.add(
          RowFactory.create(
              i,
              mean[0] + (random.nextInt(65) - 32) / 8.0,
              mean[1] + (random.nextInt(65) - 32) / 8.0,
              mean[2] + (random.nextInt(65) - 32) / 8.0,
              1.0 + random.nextInt(3)));
    }
    StructType schema = new StructType().add("id", DataTypes.IntegerType);
    for (String name : List.of("x", "y", "z", "w")) {
      schema = schema.add(name, DataTypes.DoubleType);
    }
    return LocalSpark.session().createDataFrame(rows, schema).repartition(3);
  }

  private static double cost(Dataset<Row> data, Vector[] centers) {
    double cost = 0;
    for (Row row : data.collectAsList()) {
      double nearest = Double.POSITIVE_INFINITY;
      for (Vector center : centers) {
        double distance = 0;
        for (int t = 0; t < 3; t++) {
          double difference = row.getDouble(1 + t) - center.apply(t);
          distance += difference * difference;
        }
        nearest = Math.min(nearest, distance);
      }
      cost += row.getDouble(4) * nearest;
    }
    return cost;
  }

  @SuppressWarnings("unchecked") // the program's results, in its order
  private Result run(Class<?> kmeans, Dataset<Row> data) throws Exception {
    Path classes = Files.createDirectory(folder.resolve(kmeans.getSimpleName()));
    compile(kmeans, classes);
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      var program =
          (BiFunction<Dataset<Row>, String, Object[]>)
              loader.loadClass("Program").getConstructor().newInstance();
      Object[] found =
          program.apply(data, folder.resolve(kmeans.getSimpleName() + "-model").toString());
      return new Result(
          ((List<Row>) found[0]).stream().map(row -> row.getInt(0)).toList(),
          (Vector[]) found[1],
          (Double) found[2],
          (long[]) found[3],
          (Double) found[4],
          (Integer) found[5]);
    }
  }

  /** The jars and folders that the program's classes come from. */
  private static String classPath() {
    return Stream.of(
            FlashKMeans.class,
            Centroids.class,
            KMeans.class,
            Vector.class,
            org.apache.spark.sql.classic.Dataset.class,
            Row.class,
            org.apache.spark.SparkContext.class,
            org.apache.spark.internal.Logging.class,
            scala.Option.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .distinct()
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  private static void compile(Class<?> kmeans, Path classes) throws IOException {
    String source;
    try (InputStream text =
        SameProgramTest.class.getResourceAsStream("/pipeline/Program.java.txt")) {
      source =
          new String(text.readAllBytes(), StandardCharsets.UTF_8)
              .replace("IMPORT;", kmeans.getPackageName() + ".*;")
              .replace("KMEANS", kmeans.getSimpleName());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath());
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///Program.java"), javax.tools.JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    assertThat(compiler.getTask(null, null, null, options, null, Arrays.asList(file)).call())
        .as("the program compiles against " + kmeans)
        .isTrue();
  }
}
