package io.flashlloyd.spark;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.ByName;
import io.flashlloyd.spark.many.MemberFit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** Fits as a table, a row for each; with their centroids, the {@code data/} of a saved model. */
final class MemberFitTable {
  private static final DataType LONGS = DataTypes.createArrayType(DataTypes.LongType, false);
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);
  private static final String MEMBER = "part"; // as saved models call it

  private MemberFitTable() {}

  /**
   * What is known of each fit but its centroids.
   *
   * @param member the first column's name
   */
  static Dataset<Row> summary(SparkSession spark, String member, List<MemberFit> fits) {
    List<Row> rows = new ArrayList<>();
    fits.forEach(fit -> rows.add(RowFactory.create(numbers(fit).toArray())));
    return spark.createDataFrame(rows, numbers(member));
  }

  private static StructType numbers(String member) {
    return new StructType()
        .add(member, DataTypes.StringType, false)
        .add("rows", DataTypes.LongType, false)
        .add("k", DataTypes.IntegerType, false)
        .add("trainingCost", DataTypes.DoubleType, false)
        .add("numIter", DataTypes.IntegerType, false)
        .add("converged", DataTypes.BooleanType, false)
        .add("clusterSizes", LONGS, false);
  }

  private static List<Object> numbers(MemberFit fit) {
    List<Object> row = new ArrayList<>();
    row.add(fit.member());
    row.add(fit.rows());
    row.add(fit.centroids().k());
    row.add(fit.trainingCost());
    row.add(fit.iterations());
    row.add(fit.converged());
    row.add(fit.clusterSizes());
    return row;
  }

  /** Writes {@code metadata/}, as every Spark ML model has it, and {@code data/}. */
  static final class Writer extends MLWriter {
    private final Params model;
    private final List<MemberFit> fits;

    Writer(Params model, List<MemberFit> fits) {
      this.model = model;
      this.fits = fits;
    }

    @Override
    public void saveImpl(String path) {
      DriverTable.write(
          sparkSession(),
          new Path(path, "data").toString(),
          numbers(MEMBER).add("centroids", FLOATS, false),
          new ArrayList<>(fits),
          fits.size(),
          fits.stream()
              .mapToLong(fit -> Float.BYTES * (long) fit.centroids().values().length)
              .sum(),
          (all, index) -> row(all.get(index)));
      try {
        SavedMetadata.write(
            model, path, sparkSession(), sparkSession().sessionState().newHadoopConf());
      } catch (IOException e) {
        throw new UncheckedIOException("Model %s: %s".formatted(path, e.getMessage()), e);
      }
    }

    private static Row row(MemberFit fit) {
      List<Object> row = numbers(fit);
      row.add(fit.centroids().values());
      return RowFactory.create(row.toArray());
    }
  }

  /** Reads what {@link Writer} wrote. */
  static final class Reader<M extends Params> extends MLReader<M> {
    private final Class<M> type;
    private final BiFunction<String, List<MemberFit>, M> make;

    /**
     * @param make a model of this id and these fits, in the order written
     */
    Reader(Class<M> type, BiFunction<String, List<MemberFit>, M> make) {
      this.type = type;
      this.make = make;
    }

    @Override
    public M load(String path) {
      DefaultParamsReader.Metadata metadata =
          SavedMetadata.read(path, type.getName(), sparkSession());
      List<MemberFit> fits = new ArrayList<>();
      ByName.read(sparkSession())
          .parquet(new Path(path, "data").toString())
          .orderBy("_metadata.file_name", "_metadata.row_index") // as they were written
          .toLocalIterator() // all in one result would be too large
          .forEachRemaining(row -> fits.add(fit(row)));
      if (fits.isEmpty()) {
        throw new IllegalArgumentException(
            "Model " + path + " has no centroids (expected at least one row in data/)");
      }
      M model = make.apply(metadata.uid(), fits);
      metadata.getAndSetParams(model, Option.empty());
      return model;
    }

    private static MemberFit fit(Row row) {
      int k = row.getAs("k");
      List<Float> centroids = row.getList(row.fieldIndex("centroids"));
      float[] values = new float[centroids.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = centroids.get(i);
      }
      List<Long> sizes = row.getList(row.fieldIndex("clusterSizes"));
      return new MemberFit(
          row.getAs(MEMBER),
          row.<Long>getAs("rows"),
          new Centroids(values, k, values.length / k),
          row.<Double>getAs("trainingCost"),
          row.<Integer>getAs("numIter"),
          row.<Boolean>getAs("converged"),
          sizes.stream().mapToLong(Long::longValue).toArray());
    }
  }
}
