package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkException;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.clustering.KMeansSummary;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/**
 * The cases of MLlib's own {@code org.apache.spark.ml.clustering.KMeansSuite}, by their names, put
 * to our estimator. Where we differ on purpose a comment says why.
 */
class MllibSuiteTest {
  private static final int K = 5;

  /** 50 rows (i % 5, i % 5, i % 5), as the suite makes them. */
  private static final Dataset<Row> DATASET = suiteData();

  private static Dataset<Row> suiteData() {
    List<float[]> rows = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      rows.add(new float[] {i % K, i % K, i % K});
    }
    return Frames.dense(rows).drop("id");
  }

  @Test
  void defaultParameters() {
    FlashKMeans kmeans = new FlashKMeans();
    assertThat(kmeans.getK()).isEqualTo(2);
    assertThat(kmeans.getFeaturesCol()).isEqualTo("features");
    assertThat(kmeans.getPredictionCol()).isEqualTo("prediction");
    assertThat(kmeans.getMaxIter()).isEqualTo(20);
    assertThat(kmeans.getInitMode()).isEqualTo("k-means||");
    assertThat(kmeans.getInitSteps()).isEqualTo(2);
    assertThat(kmeans.getTol()).isEqualTo(1e-4);
    assertThat(kmeans.getSolver()).isEqualTo("auto");
    assertThat(kmeans.getDistanceMeasure()).isEqualTo("euclidean");
    FlashKMeansModel model = kmeans.setMaxIter(1).fit(DATASET);

    var field = model.transform(DATASET).schema().apply("prediction");
    assertThat(((NominalAttribute) Attribute.fromStructField(field)).getNumValues())
        .isEqualTo(Option.apply(model.clusterCenters().length));

    assertThat(kmeans.copy(ParamMap.empty()).uid()).isEqualTo(kmeans.uid());
    assertThat(model.copy(ParamMap.empty()).uid()).isEqualTo(model.uid());
    assertThat(model.parent()).isSameAs(kmeans);
    assertThat(model.copy(ParamMap.empty()).parent()).isSameAs(kmeans);
    assertThat(model.hasSummary()).isTrue();
    assertThat(model.copy(ParamMap.empty()).hasSummary()).isTrue();
  }

  /** MLlib throws SparkExceptions from within a job; ours is an IllegalArgumentException. */
  @Test
  void kMeansValidateInputDataset() {
    Dataset<Row> weighted = DATASET.withColumn("weight", functions.lit(1.0));
    for (String weight : List.of("null", "double('NaN')")) {
      refuseWeight(weighted, weight, "Weights MUST NOT be Null or NaN, but got ");
    }
    for (String weight : List.of("-1.0d", "double('Infinity')", "double('-Infinity')")) {
      refuseWeight(weighted, weight, "Weights MUST NOT be Negative or Infinity, but got ");
    }
    Vector bad = Vectors.dense(1, Double.NaN, 1);
    Dataset<Row> nan =
        Frames.frame(
            List.of(new float[3]), org.apache.spark.ml.linalg.SQLDataTypes.VectorType(), r -> bad);
    assertThatThrownBy(() -> new FlashKMeans().fit(nan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 0, column 1: the value is NaN (expected a finite float32)");
  }

  private static void refuseWeight(Dataset<Row> frame, String weight, String message) {
    Dataset<Row> bad =
        frame
            .limit(3)
            .withColumn("weight", functions.expr(weight).cast("double"))
            .union(frame.limit(2));
    assertThatThrownBy(() -> new FlashKMeans().setWeightCol("weight").fit(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("column weight, partition ")
        .hasMessageContaining(message)
        .hasMessageContaining("(expected a number of at least 0)");
  }

  @Test
  void setParameters() {
    FlashKMeans kmeans =
        new FlashKMeans()
            .setK(9)
            .setFeaturesCol("test_feature")
            .setPredictionCol("test_prediction")
            .setMaxIter(33)
            .setInitMode("random")
            .setInitSteps(3)
            .setSeed(123)
            .setTol(1e-3)
            .setDistanceMeasure("cosine");

    assertThat(kmeans.getK()).isEqualTo(9);
    assertThat(kmeans.getFeaturesCol()).isEqualTo("test_feature");
    assertThat(kmeans.getPredictionCol()).isEqualTo("test_prediction");
    assertThat(kmeans.getMaxIter()).isEqualTo(33);
    assertThat(kmeans.getInitMode()).isEqualTo("random");
    assertThat(kmeans.getInitSteps()).isEqualTo(3);
    assertThat(kmeans.getSeed()).isEqualTo(123);
    assertThat(kmeans.getTol()).isEqualTo(1e-3);
    assertThat(kmeans.getDistanceMeasure()).isEqualTo("cosine");
  }

  @Test
  void parametersValidation() {
    assertThatThrownBy(() -> new FlashKMeans().setK(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter k given invalid value 1");
    assertThatThrownBy(() -> new FlashKMeans().setInitMode("no_such_a_mode"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter initMode given invalid value no_such_a_mode");
    assertThatThrownBy(() -> new FlashKMeans().setInitSteps(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter initSteps given invalid value 0");
    assertThatThrownBy(() -> new FlashKMeans().setDistanceMeasure("no_such_a_measure"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter distanceMeasure given invalid value no_such_a_measure");
  }

  @Test
  void fitTransformAndSummary() {
    FlashKMeans kmeans = new FlashKMeans().setK(K).setPredictionCol("kmeans_prediction").setSeed(1);
    FlashKMeansModel model = kmeans.fit(DATASET);
    assertThat(model.clusterCenters()).hasSize(K);
    assertThat(predictions(model, DATASET, "kmeans_prediction").values())
        .containsOnly(0, 1, 2, 3, 4);
    assertThat(model.hasParent()).isTrue();

    assertThat(model.hasSummary()).isTrue();
    KMeansSummary summary = model.summary();
    assertThat(summary.predictionCol()).isEqualTo("kmeans_prediction");
    assertThat(summary.featuresCol()).isEqualTo("features");
    assertThat(summary.k()).isEqualTo(K);
    assertThat(summary.predictions().count()).isEqualTo(50);
    assertThat(summary.predictions().columns()).contains("kmeans_prediction", "features");
    assertThat(summary.cluster().columns()).containsExactly("kmeans_prediction");
    assertThat(summary.trainingCost()).isLessThan(0.1);
    assertThat(summary.clusterSizes()).containsExactly(10, 10, 10, 10, 10);
    assertThat(summary.numIter()).isEqualTo(1);

    model.setSummary(Option.empty());
    assertThat(model.hasSummary()).isFalse();
    assertThatThrownBy(model::summary)
        .isInstanceOf(SparkException.class)
        .hasMessageContaining("No training summary available for this FlashKMeansModel");
  }

  @Test
  void kMeansModelTransformWithNonDefaultFeatureAndPredictionCols() {
    FlashKMeansModel model = new FlashKMeans().setK(K).setSeed(1).fit(DATASET);
    model.setFeaturesCol("kmeans_model_features").setPredictionCol("kmeans_model_prediction");

    Dataset<Row> transformed =
        model.transform(DATASET.withColumnRenamed("features", "kmeans_model_features"));
    assertThat(transformed.columns())
        .containsExactlyInAnyOrder("kmeans_model_features", "kmeans_model_prediction");
    assertThat(model.getFeaturesCol()).isEqualTo("kmeans_model_features");
    assertThat(model.getPredictionCol()).isEqualTo("kmeans_model_prediction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "row", "block"})
  void kMeansUsingCosineDistance(String solver) {
    Dataset<Row> frame = SuiteFrames.vectors("1,1", "10,10", "1,0.5", "10,4.4", "-1,1", "-100,90");
    FlashKMeansModel model =
        new FlashKMeans()
            .setK(3)
            .setSeed(42)
            .setInitMode("random")
            .setTol(1e-6)
            .setDistanceMeasure("cosine")
            .setSolver(solver)
            .fit(frame);
    assertThreeDirections(model, frame);
  }

  private static void assertThreeDirections(FlashKMeansModel model, Dataset<Row> frame) {
    Map<Vector, Integer> found = predictions(model, frame, "prediction");
    assertThat(found.values()).containsOnly(0, 1, 2);
    assertTogether(found, "1,1", "10,10");
    assertTogether(found, "1,0.5", "10,4.4");
    assertTogether(found, "-1,1", "-100,90");
    for (Vector center : model.clusterCenters()) {
      assertThat(Vectors.norm(center, 2)).isCloseTo(1.0, within(1e-6));
    }
  }

  /** MLlib's is an AssertionError within a SparkException. */
  @Test
  void kMeansWithCosineDistanceIsNotSupportedForZeroLengthVectors() {
    Dataset<Row> frame = SuiteFrames.vectors("0,0", "10,10", "1,0.5").coalesce(1);
    assertThatThrownBy(() -> new FlashKMeans().setDistanceMeasure("cosine").setK(2).fit(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column features, partition 0, row ")
        .hasMessageContaining("the vector is all zeros")
        .hasMessageContaining("Cosine distance is not defined");
  }

  @Test
  void kMeanWithArrayInput() {
    FlashKMeans kmeans = new FlashKMeans().setK(K).setMaxIter(1).setSeed(1);
    double cost = kmeans.fit(DATASET).summary().trainingCost();
    for (String type : List.of("array<double>", "array<float>")) {
      Dataset<Row> arrays =
          DATASET.select(
              org.apache
                  .spark
                  .ml
                  .functions
                  .vector_to_array(DATASET.col("features"), "float64")
                  .cast(type)
                  .as("features"));
      // Not within 1e-6 as MLlib: the same bits.
      assertThat(kmeans.fit(arrays).summary().trainingCost()).as(type).isEqualTo(cost);
    }
  }

  @Test
  void predictionOnSingleInstance() {
    FlashKMeansModel model = new FlashKMeans().setSeed(123).fit(DATASET);
    predictions(model, DATASET, "prediction")
        .forEach((vector, cluster) -> assertThat(model.predict(vector)).isEqualTo(cluster));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "row", "block"})
  void compareWithWeightColAndWithoutWeightCol(String solver) {
    Dataset<Row> repeated =
        SuiteFrames.vectors(
            "1,1", "10,10", "10,10", "1,0.5", "10,4.4", "10,4.4", "-1,1", "-100,90", "-100,90");
    Dataset<Row> weighted =
        SuiteFrames.weighted("1,1 1", "10,10 2", "1,0.5 1", "10,4.4 2", "-1,1 1", "-100,90 2");
    FlashKMeans kmeans =
        new FlashKMeans()
            .setK(3)
            .setSeed(42)
            .setInitMode("random")
            .setTol(1e-6)
            .setSolver(solver)
            .setDistanceMeasure("cosine");
    FlashKMeansModel model1 = kmeans.fit(repeated);
    FlashKMeansModel model2 = kmeans.copy(ParamMap.empty()).setWeightCol("weightCol").fit(weighted);

    assertThreeDirections(model1, repeated);
    assertThreeDirections(model2, weighted);
    // Not the same set, as MLlib: the same bits in the same order, cost included.
    assertThat(model1.centroids()).isEqualTo(model2.centroids());
    assertThat(model1.summary().trainingCost()).isEqualTo(model2.summary().trainingCost());
  }

  /** The suite's centres are float64; ours are those, rounded to float32 once. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "row", "block"})
  void twoCentersWithWeightCol(String solver) {
    FlashKMeans kmeans =
        new FlashKMeans()
            .setK(2)
            .setInitMode("random")
            .setWeightCol("weightCol")
            .setMaxIter(10)
            .setSolver(solver);
    Dataset<Row> same =
        SuiteFrames.weighted("0,0 2", "0,0.1 2", "0.1,0 2", "9,0 2", "9,0.2 2", "9.2,0 2");
    FlashKMeansModel model1 = kmeans.fit(same);
    assertTwoSides(model1, same);
    // The order of clusters is not MLlib's: it comes from content hashes.
    assertThat(model1.clusterCenters())
        .containsExactlyInAnyOrder(
            narrowed(9.066666666666666, 0.06666666666666667),
            narrowed(0.03333333333333333, 0.03333333333333333));

    Dataset<Row> different =
        SuiteFrames.weighted("0,0 1", "0,0.1 2", "0.1,0 3", "9,0 2.5", "9,0.2 1", "9.2,0 2");
    FlashKMeansModel model2 = kmeans.fit(different);
    assertTwoSides(model2, different);
    assertThat(model2.clusterCenters())
        .containsExactlyInAnyOrder(
            narrowed(9.072727272727272, 0.03636363636363637), narrowed(0.05, 0.03333333333333333));
  }

  private static void assertTwoSides(FlashKMeansModel model, Dataset<Row> frame) {
    Map<Vector, Integer> found = predictions(model, frame, "prediction");
    assertThat(found.values()).containsOnly(0, 1);
    assertTogether(found, "0,0", "0,0.1", "0.1,0");
    assertTogether(found, "9,0", "9,0.2", "9.2,0");
  }

  private static Vector narrowed(double x, double y) {
    return Vectors.dense((float) x, (float) y);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "row", "block"})
  void fourCentersWithWeightCol(String solver) {
    String[] rows = {"0.1,0.1", "5,0.2", "10,0", "15,0.5", "32,18", "30.1,20", "-6,-6", "-10,-10"};
    Dataset<Row> plain = SuiteFrames.vectors(rows);
    Dataset<Row> doubled =
        SuiteFrames.weighted(Arrays.stream(rows).map(r -> r + " 2").toArray(String[]::new));
    // About four seeds of ten end in another local optimum, MLlib's own too: its suite has a lucky
    // one.
    FlashKMeans kmeans = new FlashKMeans().setK(4).setMaxIter(10).setSeed(3).setSolver(solver);
    FlashKMeansModel model1 = kmeans.fit(plain);
    FlashKMeansModel model2 = kmeans.copy(ParamMap.empty()).setWeightCol("weightCol").fit(doubled);

    for (Map<Vector, Integer> found :
        List.of(
            predictions(model1, plain, "prediction"), predictions(model2, doubled, "prediction"))) {
      assertThat(found.values()).contains(0, 1, 2, 3);
      assertTogether(found, "0.1,0.1", "5,0.2");
      assertTogether(found, "10,0", "15,0.5");
      assertTogether(found, "32,18", "30.1,20");
      assertTogether(found, "-6,-6", "-10,-10");
    }
    assertThat(model1.centroids()).isEqualTo(model2.centroids());
  }

  private static Map<Vector, Integer> predictions(
      FlashKMeansModel model, Dataset<Row> frame, String predictionCol) {
    return model.transform(frame).collectAsList().stream()
        .collect(
            Collectors.toMap(
                row -> row.<Vector>getAs(model.getFeaturesCol()),
                row -> row.<Integer>getAs(predictionCol),
                (a, b) -> {
                  assertThat(b).isEqualTo(a);
                  return a;
                }));
  }

  private static void assertTogether(Map<Vector, Integer> found, String... rows) {
    assertThat(Arrays.stream(rows).map(row -> found.get(SuiteFrames.vector(row))).distinct())
        .as(String.join(" and ", rows))
        .hasSize(1)
        .doesNotContainNull();
  }
}
