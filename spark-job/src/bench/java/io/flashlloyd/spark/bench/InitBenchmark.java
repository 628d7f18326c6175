package io.flashlloyd.spark.bench;

import io.flashlloyd.spark.FlashKMeans;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;

/**
 * k-means|| beside MLlib's: seconds, and the cost of the initial centroids (maxIter 0) or after
 * iterations, both by our exact pass. Arguments: rows, dimension, k, maxIter, seeds; a last one
 * {@code ours} leaves MLlib out.
 */
final class InitBenchmark {
  private InitBenchmark() {}

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[0]);
    int k = Integer.parseInt(args[2]);
    int maxIter = Integer.parseInt(args[3]);
    int seeds = Integer.parseInt(args[4]);
    boolean both = args.length == 5;
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.log.level", "ERROR")
            .getOrCreate()) {
      Dataset<Row> rows = rows(spark, count, Integer.parseInt(args[1]), Math.max(2, k / 2)).cache();
      rows.count();
      double[] means = new double[4];
      for (int seed = 1; seed <= seeds; seed++) {
        FlashKMeans ours = new FlashKMeans().setK(k).setSeed(seed).setTol(0).setMaxIter(maxIter);
        long start = System.nanoTime();
        double cost = ours.fit(rows).summary().trainingCost();
        means[0] += seconds(start) / seeds;
        means[1] += cost / seeds;
        System.out.printf("seed %d: FlashKMeans %.1f s, cost %.6g%n", seed, seconds(start), cost);
        if (both) {
          KMeans theirs = new KMeans().setK(k).setSeed(seed).setTol(0).setMaxIter(maxIter);
          start = System.nanoTime();
          KMeansModel model = theirs.fit(rows);
          means[2] += seconds(start) / seeds;
          double seconds = seconds(start);
          FlashKMeans measure = new FlashKMeans().setInitialModel(model).setK(k).setMaxIter(0);
          double theirCost = measure.fit(rows).summary().trainingCost();
          means[3] += theirCost / seeds;
          System.out.printf("seed %d: MLlib %.1f s, cost %.6g%n", seed, seconds, theirCost);
        }
      }
      System.out.printf(
          "rows=%d k=%d maxIter=%d, means of %d: FlashKMeans %.1f s, cost %.6g%n",
          count, k, maxIter, seeds, means[0], means[1]);
      if (both) {
        System.out.printf(
            "MLlib %.1f s, cost %.6g: %.1f times as long, %.4f of the cost%n",
            means[2], means[3], means[2] / means[0], means[3] / means[1]);
      }
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Clusters of uneven size about {@code centres} means, float32 values, as MLlib vectors. */
  private static Dataset<Row> rows(SparkSession spark, int count, int dimension, int centres) {
    UDF1<Long, Object> vector =
        id -> {
          SplittableRandom random = new SplittableRandom(id);
          double skewed = random.nextDouble() * random.nextDouble();
          SplittableRandom mean = new SplittableRandom(-1 - (long) (skewed * centres));
          double[] values = new double[dimension];
          for (int t = 0; t < dimension; t++) {
            double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[t] = (float) (4 * mean.nextDouble() + noise);
          }
          return Vectors.dense(values);
        };
    return spark
        .range(0, count, 1, 8)
        .select(
            functions
                .udf(vector, SQLDataTypes.VectorType())
                .apply(functions.col("id"))
                .as("features"));
  }
}
