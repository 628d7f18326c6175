package io.flashlloyd.spark.bench;

import static org.apache.spark.sql.functions.sum;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.FlashKMeansModel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How long {@code transform} takes with our model and with MLlib's of the same centroids: {@code
 * TransformBench ROWS DIMENSION K}. Rows are {@code array<float>}, Gaussian around the centroids,
 * cached before; the best of three.
 */
public final class TransformBench {
  private static final int ROUNDS = 3;

  private TransformBench() {}

  /** Prints rows per second of both, and their ratio. */
  public static void main(String[] args) {
    int rows = Integer.parseInt(args[0]);
    int dimension = Integer.parseInt(args[1]);
    int k = Integer.parseInt(args[2]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    Random random = new Random(1);
    float[] values = new float[k * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Dataset<Row> data = data(spark, values, rows, dimension, k);
    FlashKMeansModel ours = new FlashKMeansModel("ours", new Centroids(values, k, dimension));
    double ourRate = rate(ours, data, rows);
    double theirRate = rate(ours.toMLlib(), data, rows);
    System.out.printf(
        Locale.ROOT,
        "transform of %,d x %d, k=%d: ours %,.0f rows/s, MLlib %,.0f rows/s, ratio %.1f%n",
        rows,
        dimension,
        k,
        ourRate,
        theirRate,
        ourRate / theirRate);
    spark.stop();
  }

  private static Dataset<Row> data(
      SparkSession spark, float[] centroids, int rows, int dimension, int k) {
    StructType schema =
        new StructType().add("features", DataTypes.createArrayType(DataTypes.FloatType, false));
    Row[] table = new Row[rows];
    Random random = new Random(2);
    for (int i = 0; i < rows; i++) {
      Float[] row = new Float[dimension];
      int from = random.nextInt(k) * dimension;
      for (int t = 0; t < dimension; t++) {
        row[t] = centroids[from + t] + 0.5f * (float) random.nextGaussian();
      }
      table[i] = RowFactory.create((Object) row);
    }
    Dataset<Row> data =
        spark.createDataFrame(Arrays.asList(table), schema).repartition(4).persist();
    data.count();
    return data;
  }

  private static double rate(Transformer model, Dataset<Row> data, int rows) {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      model.transform(data).select(sum("prediction")).first();
      best = Math.max(best, rows / ((System.nanoTime() - start) * 1e-9));
    }
    return best;
  }
}
