package io.flashlloyd.spark.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.linalg.BLAS$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Spark MLlib as a peer of the CPU benchmark: {@code MllibPeer SOLVER FILE.npy K THREADS REPEATS}.
 * Prints the BLAS that it took and {@code peer NAME SECONDS ...}, seconds of one steady Lloyd
 * iteration over all rows, one for each repeat: two fits of different length are differenced, which
 * removes initialization and set-up.
 */
public final class MllibPeer {
  private static final int FEW = 1;
  private static final int MANY = 3;

  private MllibPeer() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    String solver = args[0];
    int k = Integer.parseInt(args[2]);
    int threads = Integer.parseInt(args[3]);
    int repeats = Integer.parseInt(args[4]);
    String blas = BLAS$.MODULE$.nativeBLAS().getClass().getSimpleName();
    System.out.println("MLlib's BLAS: " + blas);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[" + threads + "]")
            .config("spark.ui.enabled", false)
            .config("spark.log.level", "ERROR")
            .getOrCreate()) {
      Dataset<Row> rows = read(spark, args[1], threads).cache();
      rows.count();
      StringBuilder line = new StringBuilder("peer mllib-" + solver + "-" + blas);
      seconds(rows, k, solver, FEW);
      for (int i = 0; i < repeats; i++) {
        double few = seconds(rows, k, solver, FEW);
        double many = seconds(rows, k, solver, MANY);
        line.append(String.format(Locale.ROOT, " %.4f", (many - few) / (MANY - FEW)));
      }
      System.out.println(line);
    }
  }

  private static double seconds(Dataset<Row> rows, int k, String solver, int iterations) {
    KMeans kmeans =
        new KMeans()
            .setK(k)
            .setInitMode("random")
            .setSeed(1)
            .setTol(0)
            .setSolver(solver)
            .setMaxIter(iterations);
    long start = System.nanoTime();
    kmeans.fit(rows);
    return (System.nanoTime() - start) * 1e-9;
  }

  private static Dataset<Row> read(SparkSession spark, String file, int threads) {
    NpyRows npy = new NpyRows(file);
    int partitions = threads * 4;
    List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var rows =
        context
            .parallelize(numbers, partitions)
            .flatMap(part -> Arrays.asList(npy.part(part, partitions)).iterator())
            .map(RowFactory::create);
    StructType schema = new StructType().add("features", SQLDataTypes.VectorType());
    return spark.createDataFrame(rows, schema);
  }
}
