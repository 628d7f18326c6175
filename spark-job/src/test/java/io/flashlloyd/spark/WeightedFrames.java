package io.flashlloyd.spark;

import io.flashlloyd.io.InputSpec;
import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.RowWeights;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.fit.KMeansFit;
import io.flashlloyd.spark.fit.LloydResult;
import io.flashlloyd.spark.report.IterationReport;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows with weights, and fits of them by any engine on any number of partitions. */
final class WeightedFrames {
  static final EngineSettings REFERENCE = new EngineSettings("reference", 1);
  static final EngineSettings CPU = new EngineSettings("cpu", 2);

  private WeightedFrames() {}

  /** A frame of columns "features" and "weight". */
  static Dataset<Row> frame(List<float[]> rows, double[] weights, int partitions) {
    List<Row> table = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      table.add(RowFactory.create(Frames.doubles(rows.get(i)), weights[i]));
    }
    StructType schema =
        new StructType()
            .add("features", DataTypes.createArrayType(DataTypes.DoubleType))
            .add("weight", DataTypes.DoubleType);
    return LocalSpark.session().createDataFrame(table, schema).repartition(partitions);
  }

  /** Each row as often as its weight says, each copy of weight 1. */
  static Dataset<Row> repeated(List<float[]> rows, double[] weights, int partitions) {
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int copy = 0; copy < weights[i]; copy++) {
        all.add(rows.get(i));
      }
    }
    double[] ones = new double[all.size()];
    Arrays.fill(ones, 1);
    return frame(all, ones, partitions);
  }

  static LloydResult fit(
      Dataset<Row> frame, DistanceMeasure measure, KMeansConfig config, EngineSettings engine) {
    RowWeights weights = RowWeights.of(frame, "weight");
    DataFrameSource source =
        new DataFrameSource(
            frame,
            VectorColumns.of(frame, "features", weights, measure, InputSpec.DEFAULT_CHUNK_BYTES));
    try (VectorData data =
        VectorData.open(LocalSpark.context(), source, LocalSpark.ENGINE, 0, Progress.silent())) {
      return KMeansFit.run(data, config, engine, Progress.silent());
    }
  }

  /** Cost and move of each iteration: what weights must not change where they stand for rows. */
  static List<List<Double>> numbers(LloydResult result) {
    return result.iterations().stream()
        .map((IterationReport i) -> List.of(i.trainingCost(), i.centroidShift()))
        .toList();
  }
}
