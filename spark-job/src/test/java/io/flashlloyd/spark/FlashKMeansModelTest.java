package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model: predictions, and the way to disk and back. */
class FlashKMeansModelTest {
  private static final List<float[]> ROWS = Frames.rows(250, 21, 4);

  private static FlashKMeansModel model;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() {
    model = new FlashKMeans().setK(6).setSeed(3).fit(Frames.floats(ROWS, true));
  }

  @Test
  void shouldPredictTheNearestCentroidInEveryColumnType() {
    for (Dataset<Row> frame :
        List.of(
            Frames.dense(ROWS),
            Frames.sparse(ROWS),
            Frames.floats(ROWS, false),
            Frames.doubles(ROWS, true))) {
      List<Row> predicted = model.transform(frame.repartition(3)).orderBy("id").collectAsList();
      assertThat(predicted).hasSize(ROWS.size());
      for (int row = 0; row < ROWS.size(); row++) {
        assertThat(predicted.get(row).<Integer>getAs("prediction"))
            .as("row %d of %s", row, frame.schema().apply("features").dataType())
            .isEqualTo(nearest(ROWS.get(row)));
      }
    }
  }

  @Test
  void shouldPredictOneVectorAsTransformDoes() {
    for (float[] row : ROWS.subList(0, 50)) {
      Vector dense = Vectors.dense(Frames.doubles(row));
      assertThat(model.predict(dense)).isEqualTo(nearest(row));
      assertThat(model.predict(dense.toSparse())).isEqualTo(nearest(row));
    }
  }

  @Test
  void shouldGiveTheLowestOfEqualCentroids() {
    Centroids twins = new Centroids(new float[] {5, 5, 1, 2, 1, 2, -5, 0}, 4, 2);
    assertThat(new FlashKMeansModel("twins", twins).predict(Vectors.dense(1, 2))).isEqualTo(1);
    assertThat(new FlashKMeansModel("twins", twins).predict(Vectors.dense(0, 0))).isEqualTo(1);
  }

  @Test
  void shouldSayInTheSchemaWhatAPredictionIs() {
    StructField field = model.transform(Frames.dense(ROWS)).schema().apply("prediction");

    assertThat(field.dataType()).isEqualTo(DataTypes.IntegerType);
    assertThat(field.nullable()).isFalse();
    NominalAttribute clusters = (NominalAttribute) Attribute.fromStructField(field);
    assertThat(clusters.numValues().get()).isEqualTo(6);
    assertThat(field.metadata().json()).contains("\"num_vals\":6", "\"type\":\"nominal\"");
  }

  @Test
  void shouldDescribeItself() {
    assertThat(model.numFeatures()).isEqualTo(21);
    assertThat(model.clusterCenters()).hasSize(6);
    assertThat(model.clusterCenters()[2].apply(20))
        .isEqualTo((double) model.centroids().get(2, 20));
    assertThat(model.toString())
        .isEqualTo(
            "FlashKMeansModel: uid=%s, k=6, distanceMeasure=euclidean, numFeatures=21",
            model.uid());
  }

  @Test
  void shouldComeBackFromDiskWithTheSameBits() throws IOException {
    Centroids odd =
        new Centroids(
            new float[] {-0f, Float.MIN_VALUE, Float.MAX_VALUE, 0.1f, -1e-40f, 3, 4, 5}, 4, 2);
    FlashKMeansModel saved =
        new FlashKMeansModel("odd", odd).setFeaturesCol("vector").setPredictionCol("cell");
    saved.save(folder.resolve("model").toString());

    FlashKMeansModel loaded = FlashKMeansModel.load(folder.resolve("model").toString());

    assertThat(loaded.centroids()).isEqualTo(odd);
    assertThat(loaded.uid()).isEqualTo("odd");
    assertThat(loaded.getFeaturesCol()).isEqualTo("vector");
    assertThat(loaded.getPredictionCol()).isEqualTo("cell");
  }

  /** As MLlib's can: in a task's closure, for example. */
  @Test
  void shouldTravelAsJavaObjects() {
    FlashKMeansModel copy = SerializationUtils.clone(model);
    assertThat(copy.centroids()).isEqualTo(model.centroids());
    assertThat(copy.getK()).isEqualTo(6);
    assertThat(copy.hasSummary()).isFalse();
    assertThat(copy.predict(Vectors.dense(Frames.doubles(ROWS.get(7)))))
        .isEqualTo(nearest(ROWS.get(7)));
    assertThat(SerializationUtils.clone(model.summary()).costHistory())
        .isEqualTo(model.summary().costHistory())
        .isNotEmpty();
    assertThat(SerializationUtils.clone(new FlashKMeans().setK(7)).getK()).isEqualTo(7);
  }

  @Test
  void shouldNotReplaceASavedModelUnlessAskedTo() throws IOException {
    String path = folder.resolve("model").toString();
    model.save(path);
    assertThatThrownBy(() -> model.save(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("already exists");

    model.write().overwrite().save(path);

    assertThat(FlashKMeansModel.load(path).centroids()).isEqualTo(model.centroids());
  }

  @Test
  void shouldComeBackFromDiskInAPipeline() throws IOException {
    Dataset<Row> frame = Frames.dense(ROWS);
    FlashKMeans kmeans = new FlashKMeans().setK(6).setSeed(3);
    String path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {kmeans}).fit(frame).save(path);

    Dataset<Row> predicted = PipelineModel.load(path).transform(frame);

    assertThat(predicted.orderBy("id").select("prediction").collectAsList())
        .isEqualTo(model.transform(frame).orderBy("id").select("prediction").collectAsList());
  }

  @Test
  void shouldKeepCentroidsParamsAndParentInCopies() {
    FlashKMeansModel copy = model.copy(new ParamMap().put(model.predictionCol(), "cell"));

    assertThat(copy.centroids()).isSameAs(model.centroids());
    assertThat(copy.uid()).isEqualTo(model.uid());
    assertThat(copy.parent()).isSameAs(model.parent());
    assertThat(copy.getPredictionCol()).isEqualTo("cell");
    assertThat(copy.get(copy.k()).get()).isEqualTo(6);
    assertThat(model.getPredictionCol()).isEqualTo("prediction");
  }

  @Test
  void shouldRefuseAPredictionColumnThatExists() {
    Dataset<Row> frame = Frames.dense(ROWS).withColumnRenamed("id", "prediction");
    assertThatThrownBy(() -> model.transform(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Column prediction already exists (set predictionCol to another name)");
  }

  @Test
  void shouldRefuseRowsThatItCannotPlace() {
    assertThatThrownBy(() -> model.predict(Vectors.dense(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Row has dimension 2 (expected 21, as the model)");
    Dataset<Row> shorter = Frames.floats(Frames.rows(4, 20, 1), true);
    assertThatThrownBy(() -> model.transform(shorter).collectAsList())
        .hasStackTraceContaining("Row has dimension 20 (expected 21, as the model)");
    List<float[]> bad = Frames.rows(3, 21, 1);
    bad.get(1)[20] = Float.NaN;
    assertThatThrownBy(() -> model.transform(Frames.floats(bad, true)).collectAsList())
        .hasStackTraceContaining("Vector has NaN at coordinate 20");
    Dataset<Row> nulls = Frames.dense(ROWS).selectExpr("id", "if(id > 3, null, features) features");
    assertThatThrownBy(() -> model.transform(nulls).collectAsList())
        .hasStackTraceContaining("Vector is null (expected a vector or an array of numbers)");
  }

  /** By the canonical distance (contract section 3), without a shortcut. */
  private static int nearest(float[] row) {
    int best = 0;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < model.centroids().k(); cluster++) {
      double distance = 0;
      for (int t = 0; t < row.length; t++) {
        double difference = (double) row[t] - (double) model.centroids().get(cluster, t);
        distance = Math.fma(difference, difference, distance);
      }
      if (distance < bestDistance) {
        best = cluster;
        bestDistance = distance;
      }
    }
    return best;
  }
}
