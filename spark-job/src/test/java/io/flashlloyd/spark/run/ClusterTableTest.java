package io.flashlloyd.spark.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.InputSpec;
import io.flashlloyd.io.VectorDataset;
import io.flashlloyd.spark.LocalSpark;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code clusters.parquet} on any number of partitions, and as Spark SQL would have found it. */
class ClusterTableTest {
  private static final int ROWS = 20_000;
  private static final int K = 37;
  private static final int DIMENSION = 3;
  private static final int FILES = 20;

  @TempDir private Path folder;

  @Test
  void shouldBeTheSameOnAnyPartitioningAndAsFromTheAssignments() throws IOException {
    long seed = 20261201;
    VectorDataset dataset = dataset(new Random(seed));
    Centroids given = centroids(new Random(seed + 1));
    List<List<Row>> tables = new ArrayList<>();
    List<List<String>> told = new ArrayList<>();
    for (int partitions : List.of(0, 1, 3, 17)) { // 0: one task, without a shuffle
      String run = folder.resolve("run-" + partitions).toString();
      Told progress = new Told();
      KMeansConfig config = new KMeansConfig(K, 0, 0, 1, KMeansConfig.GIVEN, 2, given);
      new FitRun(
              LocalSpark.session(),
              dataset,
              DistanceMeasure.EUCLIDEAN,
              config,
              "cpu",
              partitions,
              progress)
          .write(run, false, Map.of(), Map.of());
      tables.add(table(run));
      told.add(progress.examples);
      assertThat(tables.get(0)).as("%d partitions, seed %d", partitions, seed).hasSize(K);
      assertThat(distances(tables.get(tables.size() - 1)))
          .as("%d partitions, seed %d", partitions, seed)
          .isEqualTo(fromAssignments(run));
      assertThat(progress.examples).isEqualTo(examples(run, tables.get(0)));
    }
    assertThat(tables).containsOnly(tables.get(0));
    assertThat(told.get(0)).hasSize(6);
    assertThat(told).containsOnly(told.get(0));
  }

  /** A crowd, many equal rows, and a few far out; in more splits than there are partitions. */
  private VectorDataset dataset(Random random) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Float[] values = new Float[DIMENSION];
      for (int t = 0; t < DIMENSION; t++) {
        values[t] =
            row % 5 == 0
                ? row % 11
                : (float) (random.nextGaussian() * (row % 7 == 0 ? 40 : row % 3 == 0 ? 1e-3 : 4));
      }
      rows.add(RowFactory.create((long) row, values));
    }
    String table = folder.resolve("rows.parquet").toString();
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("v", DataTypes.createArrayType(DataTypes.FloatType));
    SparkSession spark = LocalSpark.session();
    spark.createDataFrame(rows, schema).repartition(FILES).write().parquet(table);
    InputSpec spec = new InputSpec(List.of(table), null, "v", "id", false, 8000);
    VectorDataset dataset = VectorDataset.open(spec, new Configuration());
    assertThat(dataset.splits()).hasSizeGreaterThan(17);
    return dataset;
  }

  /** The last one is far from all rows. */
  private static Centroids centroids(Random random) {
    float[] values = new float[K * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 6) + (i / DIMENSION == K - 1 ? 1e6f : 0);
    }
    return new Centroids(values, K, DIMENSION);
  }

  private static List<Row> table(String run) {
    return LocalSpark.session()
        .read()
        .parquet(run + "/" + ClusterTable.NAME)
        .orderBy("cluster")
        .collectAsList();
  }

  private static List<List<Object>> distances(List<Row> table) {
    List<List<Object>> distances = new ArrayList<>();
    for (Row row : table) {
      if (!row.isNullAt(3)) {
        distances.add(
            List.of(
                row.getAs("cluster"),
                row.getAs("size"),
                row.getAs("distance_p50"),
                row.getAs("distance_p99"),
                row.getAs("distance_max")));
      }
    }
    assertThat(distances).hasSizeLessThan(K);
    return distances;
  }

  /** How the table was made until 0.3: counts by the 20 leading bits of a distance. */
  private static List<List<Object>> fromAssignments(String run) {
    SparkSession spark = LocalSpark.session();
    UDF1<Float, Integer> leadingBits = d -> Float.floatToRawIntBits(d) >>> 12;
    WindowSpec cluster = Window.partitionBy("cluster");
    WindowSpec upTo = cluster.orderBy("bin");
    List<List<Object>> rows = new ArrayList<>();
    spark
        .read()
        .parquet(run + "/" + RowAssignment.FOLDER)
        .withColumn("bin", udf(leadingBits, DataTypes.IntegerType).apply(col("distance")))
        .groupBy("cluster", "bin")
        .agg(expr("count(*) as n"), expr("cast(max(distance) as double) as top"))
        .withColumn("rank", sum("n").over(upTo))
        .withColumn("size", sum("n").over(cluster))
        .groupBy("cluster")
        .agg(
            expr("max(size) as size"),
            expr("min(if(rank >= 0.5 * size, top, null)) as p50"),
            expr("min(if(rank >= 0.99 * size, top, null)) as p99"),
            expr("max(top) as max"))
        .orderBy("cluster")
        .collectAsList()
        .forEach(
            row -> rows.add(List.of(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))));
    return rows;
  }

  /** The tightest clusters of at least median size, their nearest rows by Spark SQL. */
  private static List<String> examples(String run, List<Row> table) {
    Dataset<Row> assignments =
        LocalSpark.session().read().parquet(run + "/" + RowAssignment.FOLDER);
    long median =
        table.stream().mapToLong(row -> row.getAs("size")).sorted().toArray()[(K - 1) / 2];
    List<Row> tightest = new ArrayList<>(table);
    tightest.removeIf(row -> row.isNullAt(3) || row.<Long>getAs("size") < median);
    tightest.sort(
        (a, b) -> Double.compare(a.<Double>getAs("distance_p50"), b.getAs("distance_p50")));
    List<String> lines = new ArrayList<>();
    for (Row row : tightest.subList(0, 6)) {
      int cluster = row.getAs("cluster");
      List<String> ids =
          assignments
              .filter(col("cluster").equalTo(cluster))
              .orderBy(col("distance"), col("id"))
              .limit(8)
              .collectAsList()
              .stream()
              .map(near -> String.valueOf(near.<Long>getAs("id")))
              .toList();
      lines.add("cluster " + cluster + ": " + ids);
    }
    return lines;
  }

  /** Keeps the lines about clusters. */
  private static final class Told implements Progress {
    private final List<String> examples = new ArrayList<>();

    @Override
    public Stage stage(String name, long rows) {
      return Stage.silent();
    }

    @Override
    public void message(String text) {
      if (text.startsWith("cluster ")) {
        String[] ids = text.substring(text.indexOf(": ") + 2).split(" ", -1);
        examples.add(text.substring(0, text.indexOf(',')) + ": " + List.of(ids));
      }
    }

    @Override
    public void iteration(io.flashlloyd.spark.report.IterationReport report) {}
  }
}
