package io.flashlloyd.spark.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.lists.UpperLevel;
import io.flashlloyd.io.output.CentroidMatrix;
import io.flashlloyd.spark.FlashKMeans;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** The centroids' own clusters, found at the driver, have the bits of the estimator's. */
class UpperCentroidsTest {
  @Test
  void shouldHaveTheEstimatorsBits() {
    long seed = 20261201;
    Random random = new Random(seed);
    int k = 300;
    int d = 6;
    float[] values = new float[k * d];
    List<Row> rows = new ArrayList<>();
    for (int c = 0; c < k; c++) {
      double[] row = new double[d];
      for (int t = 0; t < d; t++) {
        values[c * d + t] = (float) random.nextGaussian() + 5f * (c % 9);
        row[t] = values[c * d + t];
      }
      rows.add(RowFactory.create(c, Vectors.dense(row)));
    }
    StructType schema =
        new StructType().add("cluster", "int").add("features", SQLDataTypes.VectorType());
    Dataset<Row> data = LocalSpark.session().createDataFrame(rows, schema);
    FlashKMeansModel model = new FlashKMeans().setK(17).setSeed(1).fit(data);

    UpperLevel upper = UpperCentroids.of(new CentroidMatrix(values, k, d), 17, LocalSpark.ENGINE);

    assertThat(upper.centroids().values())
        .as("seed %d", seed)
        .isEqualTo(model.centroids().values());
    for (Row row : model.transform(data).collectAsList()) {
      assertThat(upper.parents()[row.getInt(0)]).isEqualTo(row.<Integer>getAs("prediction"));
    }
  }
}
