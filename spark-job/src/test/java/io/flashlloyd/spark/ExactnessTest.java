package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.data.VectorSource;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract (docs/contract.md): the result is a function of the multiset of rows, the parameters
 * and the seed, and of nothing else.
 */
class ExactnessTest {
  private static final EngineSettings REFERENCE = new EngineSettings("reference", 1);
  private static final EngineSettings ONE_THREAD = new EngineSettings("cpu", 1);
  private static final EngineSettings TWO_THREADS = new EngineSettings("cpu", 2);

  @TempDir private Path folder;

  @Test
  void shouldNotDependOnPartitionsOrderThreadsOrEngine() {
    for (int round = 0; round < 12; round++) {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      Vectors rows = Vectors.random(1 + random.nextInt(700), 1 + random.nextInt(40), seed);
      int k = 1 + random.nextInt(Math.min(40, rows.rows().size()));
      String mode = random.nextBoolean() ? KMeansConfig.RANDOM : KMeansConfig.PARALLEL;
      KMeansConfig config = new KMeansConfig(k, 8, 0, seed, mode, 2, null);
      String label =
          "seed %d: n=%d d=%d k=%d %s"
              .formatted(seed, rows.rows().size(), rows.dimension(), k, mode);

      LloydResult expected = fit(rows.file(folder, 1000), config, REFERENCE, 1);

      assertSame(fit(rows.file(folder, 1000), config, ONE_THREAD, 1), expected, label);
      assertSame(fit(rows.file(folder, 23), config, TWO_THREADS, 3), expected, label);
      assertSame(fit(rows.shuffled().file(folder, 50), config, TWO_THREADS, 17), expected, label);
      assertSame(fit(dataFrame(rows, 5), config, TWO_THREADS, 0), expected, label);
    }
  }

  @Test
  void shouldReturnTheDistinctRowsWhereKIsMore() {
    long seed = System.nanoTime();
    List<float[]> few = List.of(new float[] {1, -0f}, new float[] {1, 0}, new float[] {-3, 2});
    Vectors rows = new Vectors(few, 2, seed);
    for (String mode : List.of(KMeansConfig.RANDOM, KMeansConfig.PARALLEL)) {
      KMeansConfig config = new KMeansConfig(5, 8, 0, seed, mode, 2, null);

      LloydResult result = fit(rows.shuffled().file(folder, 1), config, TWO_THREADS, 3);

      assertThat(result.centroids().values()).as(mode).containsExactly(1, 0, -3, 2);
      assertThat(result.iterations()).isEmpty();
    }
  }

  @Test
  void shouldSurviveOutliersThatNeedWideSums() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<float[]> list = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      list.add(new float[] {random.nextFloat(), random.nextFloat()});
    }
    list.add(new float[] {1e6f, 1e6f});
    list.add(new float[] {1e12f, 1e12f});
    Vectors rows = new Vectors(list, 2, seed);
    KMeansConfig config = new KMeansConfig(50, 20, 0, seed, KMeansConfig.PARALLEL, 2, null);

    LloydResult expected = fit(rows.file(folder, 5000), config, REFERENCE, 1);
    LloydResult actual = fit(rows.shuffled().file(folder, 100), config, TWO_THREADS, 7);

    assertThat(expected.centroids().k()).isEqualTo(50);
    assertSame(actual, expected, "seed " + seed);
  }

  private static LloydResult fit(
      VectorSource source, KMeansConfig config, EngineSettings engine, int partitions) {
    try (VectorData data =
        VectorData.open(
            LocalSpark.context(), source, LocalSpark.ENGINE, partitions, Progress.silent())) {
      return KMeansFit.run(data, config, engine, Progress.silent());
    }
  }

  private static VectorSource dataFrame(Vectors vectors, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (float[] vector : vectors.rows()) {
      List<Float> values = new ArrayList<>();
      for (float value : vector) {
        values.add(value);
      }
      rows.add(RowFactory.create(values));
    }
    StructType schema =
        new StructType().add("features", DataTypes.createArrayType(DataTypes.FloatType, true));
    Dataset<Row> data = LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
    return new DataFrameSource(data, "features", InputSpec.DEFAULT_CHUNK_BYTES);
  }

  private static void assertSame(LloydResult actual, LloydResult expected, String label) {
    assertThat(actual.centroids()).as(label).isEqualTo(expected.centroids());
    assertThat(numbers(actual)).as(label).isEqualTo(numbers(expected));
  }

  /** Everything a report says but times. */
  private static List<List<Object>> numbers(LloydResult result) {
    List<List<Object>> numbers = new ArrayList<>();
    for (IterationReport report : result.iterations()) {
      numbers.add(
          List.of(
              report.trainingCost(),
              report.centroidShift(),
              report.movedRows(),
              report.emptyClusters()));
    }
    return numbers;
  }
}
