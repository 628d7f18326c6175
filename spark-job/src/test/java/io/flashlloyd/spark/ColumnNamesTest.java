package io.flashlloyd.spark;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Params name columns as Spark ML's do: any case, a struct's field, a name with a dot. */
class ColumnNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"W", "q.w", "Q.W", "`a.w`", "`A.W`", "q.deep.w"})
  void shouldFindWeights(String name) {
    Centroids expected = flash().setWeightCol("w").fit(frame()).centroids();
    assertThat(flash().setWeightCol(name).fit(frame()).centroids()).isEqualTo(expected);
    KMeans mllib = new KMeans().setK(3).setFeaturesCol("vector").setWeightCol(name);
    assertThat(mllib.fit(frame()).clusterCenters()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FEATURES", "s.v", "S.V", "`x.v`", "vector"})
  void shouldFindFeatures(String name) {
    FlashKMeansModel expected = flash().fit(frame());
    FlashKMeansModel model = flash().setFeaturesCol(name).fit(frame());
    assertThat(model.centroids()).isEqualTo(expected.centroids());
    assertThat(model.transform(frame()).select("prediction").collectAsList())
        .isEqualTo(expected.transform(frame()).select("prediction").collectAsList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TEAM", "q.team", "`a.team`"})
  void shouldFindGroups(String name) {
    FlashKMeansGroupModel model =
        new FlashKMeansGroups().setK(2).setSeed(5).setGroupCol(name).fit(frame());
    FlashKMeansGroupModel expected =
        new FlashKMeansGroups().setK(2).setSeed(5).setGroupCol("team").fit(frame());
    assertThat(model.transform(frame()).select("prediction").collectAsList())
        .isEqualTo(expected.transform(frame()).select("prediction").collectAsList());
  }

  @Test
  void shouldRefuseNamesThatFindNothingOrTooMuch() {
    assertThatThrownBy(() -> flash().setWeightCol("q.z").fit(frame()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Weight column q.z does not exist (the DataFrame has: id, ");
    assertThatThrownBy(() -> flash().setWeightCol("a.w").fit(frame()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Weight column a.w does not exist");
    assertThatThrownBy(() -> flash().setWeightCol("`w").fit(frame()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Weight column `w: ");
  }

  private static FlashKMeans flash() {
    return new FlashKMeans().setK(3).setSeed(5);
  }

  private static Dataset<Row> frame() {
    return LocalSpark.session()
        .range(0, 60, 1, 2)
        .withColumn("features", array(col("id").mod(7).cast("double"), col("id").cast("double")))
        .withColumn("vector", array_to_vector(col("features")))
        .withColumn("w", col("id").mod(3).plus(1).cast("double"))
        .withColumn("team", col("id").mod(2).cast("string"))
        .withColumn("s", struct(col("features").as("v")))
        .withColumn("q", struct(col("w"), col("team"), struct(col("w")).as("deep")))
        .withColumn("a.w", col("w"))
        .withColumn("a.team", col("team"))
        .withColumn("x.v", col("features"));
  }
}
