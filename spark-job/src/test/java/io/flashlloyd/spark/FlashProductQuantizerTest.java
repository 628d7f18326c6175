package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.data.DistanceMeasure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Product quantization: a codebook for each slice, with the bits of a fit of that slice alone. */
class FlashProductQuantizerTest {
  private static final List<float[]> ROWS = Frames.rows(260, 12, 5);

  @TempDir private Path folder;

  private static FlashProductQuantizer configured() {
    return new FlashProductQuantizer().setSubspaces(3).setK(7).setSeed(2);
  }

  @Test
  void shouldHaveTheBitsOfAFitOfEachSliceAlone() {
    FlashProductQuantizerModel model = configured().fit(Frames.dense(ROWS).repartition(4));

    assertThat(model.numFeatures()).isEqualTo(12);
    double[] costs = new double[3];
    for (int m = 0; m < 3; m++) {
      int from = 4 * m;
      List<float[]> slice =
          ROWS.stream().map(row -> Arrays.copyOfRange(row, from, from + 4)).toList();
      FlashKMeansModel alone = new FlashKMeans().setK(7).setSeed(2).fit(Frames.floats(slice, true));
      assertThat(model.codebook(m).centroids()).as("slice %d", m).isEqualTo(alone.centroids());
      costs[m] = model.summary().collectAsList().get(m).getAs("trainingCost");
    }
    assertThat(Arrays.stream(costs).sum()).isCloseTo(squaredError(model), offset(costs));
  }

  @Test
  void shouldComputeTheDataFrameOnce() {
    LongAccumulator computed = LocalSpark.session().sparkContext().longAccumulator();
    Dataset<Row> rows = Frames.floats(ROWS, true).repartition(4);
    MapFunction<Row, Row> counting =
        row -> {
          computed.add(1);
          return row;
        };

    Set<Integer> kept = LocalSpark.context().getPersistentRDDs().keySet();
    FlashProductQuantizerModel model =
        configured().fit(rows.map(counting, Encoders.row(rows.schema())));

    assertThat(model.codebook(2).centroids())
        .isEqualTo(configured().fit(rows).codebook(2).centroids());
    assertThat(computed.value()).isEqualTo(ROWS.size());
    assertThat(LocalSpark.context().getPersistentRDDs().keySet()).isEqualTo(kept);
  }

  private static org.assertj.core.data.Offset<Double> offset(double[] costs) {
    return org.assertj.core.data.Offset.offset(1e-9 * Arrays.stream(costs).sum());
  }

  private static double squaredError(FlashProductQuantizerModel model) {
    double sum = 0;
    for (float[] row : ROWS) {
      float[] near = model.decode(model.encode(row));
      for (int t = 0; t < row.length; t++) {
        sum += Math.pow(row[t] - (double) near[t], 2);
      }
    }
    return sum;
  }

  @Test
  void shouldGiveCodesOfOneByteAndTheVectorsTheyStandFor() {
    FlashProductQuantizerModel model = configured().fit(Frames.floats(ROWS, true));
    Dataset<Row> codes = model.transform(Frames.floats(ROWS, true));

    assertThat(codes.schema().apply("codes").dataType()).isEqualTo(DataTypes.BinaryType);
    List<Row> rows = model.reconstruct(codes, "near").orderBy("id").collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      byte[] code = rows.get(i).getAs("codes");
      int[] expected = model.encode(ROWS.get(i));
      assertThat(code).hasSize(3);
      for (int m = 0; m < 3; m++) {
        assertThat(Byte.toUnsignedInt(code[m])).isEqualTo(expected[m]);
        assertThat(expected[m])
            .isEqualTo(
                NearestCentroid.local(model.codebook(m).centroids(), DistanceMeasure.EUCLIDEAN)
                    .find(Arrays.copyOfRange(ROWS.get(i), 4 * m, 4 * m + 4)));
      }
      assertThat(FeatureVector.of(rows.get(i).getAs("near"))).isEqualTo(model.decode(expected));
    }
  }

  @Test
  void shouldGiveShortsWhereABytesDoesNotHoldACode() {
    Random random = new Random(3);
    List<float[]> rows = Frames.rows(400, 4, random.nextLong());
    FlashProductQuantizerModel model =
        new FlashProductQuantizer().setSubspaces(2).setK(300).setMaxIter(1).fit(Frames.dense(rows));

    Dataset<Row> codes = model.transform(Frames.dense(rows));

    assertThat(codes.schema().apply("codes").dataType())
        .isEqualTo(DataTypes.createArrayType(DataTypes.ShortType, false));
    List<Row> back = model.reconstruct(codes, "near").orderBy("id").collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(FeatureVector.of(back.get(i).getAs("near")))
          .isEqualTo(model.decode(model.encode(rows.get(i))));
    }
    assertThatThrownBy(() -> new FlashProductQuantizer().setK(1 << 16).fit(Frames.dense(rows)))
        .hasMessage("k is 65536 (expected at most 32768: codes are shorts)");
  }

  @Test
  void shouldComeBackFromDiskInAPipeline() throws IOException {
    Dataset<Row> frame = Frames.dense(ROWS);
    FlashProductQuantizer estimator = configured().setSubspaces(12).setK(2);
    String path = folder.resolve("pipeline").toString();
    PipelineModel fitted = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(frame);
    fitted.save(path);

    FlashProductQuantizerModel loaded =
        (FlashProductQuantizerModel) PipelineModel.load(path).stages()[0];

    for (int m = 0; m < 12; m++) {
      assertThat(loaded.codebook(m).centroids())
          .isEqualTo(((FlashProductQuantizerModel) fitted.stages()[0]).codebook(m).centroids());
    }
    estimator.save(folder.resolve("estimator").toString());
    assertThat(FlashProductQuantizer.load(folder.resolve("estimator").toString()).extractParamMap())
        .hasToString(estimator.extractParamMap().toString());
    assertThat(new FlashProductQuantizer().getK()).isEqualTo(256);
  }

  @Test
  void shouldRefuseVectorsThatItCannotCut() {
    assertThatThrownBy(() -> configured().setSubspaces(5).fit(Frames.dense(ROWS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Vectors have dimension 12 (expected a multiple of subspaces, which is 5)");
    Dataset<Row> ragged =
        Frames.floats(ROWS, true).selectExpr("slice(features, 1, if(id = 9, 9, 12)) features");
    assertThatThrownBy(() -> configured().fit(ragged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the vector has 9 values (expected 12)");
    assertThatThrownBy(() -> configured().setDistanceMeasure("cosine").fit(Frames.dense(ROWS)))
        .hasMessage("distanceMeasure is cosine (expected euclidean: codes must give lengths back)");
    FlashProductQuantizerModel model = configured().fit(Frames.dense(ROWS));
    assertThatThrownBy(() -> model.encode(new float[4]))
        .hasMessage("Row has dimension 4 (expected 12, as the model)");
    assertThatThrownBy(() -> model.decode(new int[] {0, 7, 0}))
        .hasMessage("Code 1 is 7 (expected less than 7, as its codebook has centroids)");
  }
}
