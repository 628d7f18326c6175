package io.flashlloyd.spark.bench;

import io.flashlloyd.spark.FlashKMeans;
import io.flashlloyd.spark.FlashKMeansGroupModel;
import io.flashlloyd.spark.FlashKMeansGroups;
import java.util.List;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Many small clusterings: one {@link FlashKMeansGroups} beside a loop of MLlib's fits, of which a
 * few are run, each on a cached DataFrame of its own rows in one partition (the loop's best case),
 * and the rest extrapolated. Arguments: groups, rows of a group, dimension, k, MLlib fits (0: no
 * loop), engine (cpu), cores (2).
 */
final class GroupBenchmark {
  private static final int WARM_UP = 5;

  private GroupBenchmark() {}

  public static void main(String[] args) {
    int groups = Integer.parseInt(args[0]);
    int rows = Integer.parseInt(args[1]);
    int dimension = Integer.parseInt(args[2]);
    int k = Integer.parseInt(args[3]);
    int fits = Integer.parseInt(args[4]);
    String engine = args.length > 5 ? args[5] : "cpu";
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + (args.length > 6 ? args[6] : "2") + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.maxResultSize", "4g")
            .getOrCreate();
    Dataset<Row> all = rows(spark, groups, rows, dimension);
    groups(all.filter("tenant < 50"), k, engine); // warms up
    double ours = seconds(() -> groups(all, k, engine));
    System.out.printf("FlashKMeansGroups (%s): %d groups in %.1f s%n", engine, groups, ours);
    if (fits > 0) {
      loop(spark, all, groups, k, fits, ours);
    }
    spark.stop();
  }

  private static void loop(
      SparkSession spark, Dataset<Row> all, int groups, int k, int fits, double ours) {

    double theirs = 0;
    double single = 0;
    for (int group = 0; group < WARM_UP + fits; group++) {
      List<Row> own = all.filter("tenant = " + group).collectAsList();
      Dataset<Row> cached = spark.createDataFrame(own, all.schema()).coalesce(1).cache();
      cached.count();
      double mllib = seconds(() -> new KMeans().setK(k).setSeed(1).fit(cached));
      double flash = seconds(() -> new FlashKMeans().setK(k).setSeed(1).fit(cached));
      theirs += group < WARM_UP ? 0 : mllib;
      single += group < WARM_UP ? 0 : flash;
      cached.unpersist();
    }
    double loop = theirs / fits * groups;
    System.out.printf(
        "MLlib: %.3f s a fit (mean of %d), %d of them %.0f s: %.1f times as long%n",
        theirs / fits, fits, groups, loop, loop / ours);
    System.out.printf("FlashKMeans alone: %.3f s a fit%n", single / fits);
  }

  private static void groups(Dataset<Row> rows, int k, String engine) {
    FlashKMeansGroups kmeans = new FlashKMeansGroups().setGroupCol("tenant").setK(k).setSeed(1);
    FlashKMeansGroupModel model = kmeans.setEngine(engine).fit(rows);
    Row sums = model.summary().agg(functions.avg("numIter"), functions.sum("rows")).first();
    System.out.printf("%,d rows, %.1f iterations on average%n", sums.getLong(1), sums.getDouble(0));
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Rows about ten means in each group, float32 values, MLlib vectors, made when they are read. */
  private static Dataset<Row> rows(SparkSession spark, int groups, int rows, int dimension) {
    UDF1<Long, Object> vector =
        id -> {
          java.util.SplittableRandom random = new java.util.SplittableRandom(id);
          double[] values = new double[dimension];
          java.util.SplittableRandom mean = new java.util.SplittableRandom(id % groups * 10 + id % 10);
          for (int t = 0; t < dimension; t++) {
            double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[t] = (float) (4 * mean.nextDouble() + noise);
          }
          return Vectors.dense(values);
        };
    return spark
        .range(0, (long) groups * rows, 1, 8)
        .select(
            functions.col("id").mod(groups).cast(DataTypes.IntegerType).as("tenant"),
            functions
                .udf(vector, SQLDataTypes.VectorType())
                .apply(functions.col("id"))
                .as("features"));
  }
}
