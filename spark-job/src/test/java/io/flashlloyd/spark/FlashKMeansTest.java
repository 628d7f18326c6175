package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator as Spark ML users know estimators. */
class FlashKMeansTest {
  private static final List<float[]> ROWS = Frames.rows(300, 5, 42);

  @TempDir private Path folder;

  @Test
  void shouldHaveTheDefaultsOfMllib() {
    FlashKMeans kmeans = new FlashKMeans();

    assertThat(kmeans.getK()).isEqualTo(2);
    assertThat(kmeans.getMaxIter()).isEqualTo(20);
    assertThat(kmeans.getTol()).isEqualTo(1e-4);
    assertThat(kmeans.getInitMode()).isEqualTo("k-means||");
    assertThat(kmeans.getInitSteps()).isEqualTo(2);
    assertThat(kmeans.getFeaturesCol()).isEqualTo("features");
    assertThat(kmeans.getPredictionCol()).isEqualTo("prediction");
    assertThat(kmeans.getSeed()).isEqualTo(new FlashKMeans().getSeed());
    assertThat(kmeans.getEngine()).isEqualTo("auto");
    assertThat(kmeans.uid()).startsWith("kmeans_");
    assertThat(kmeans.explainParams()).contains("k: The number of clusters", "default: 2");
  }

  @Test
  void shouldRefuseParamsThatMakeNoSense() {
    FlashKMeans kmeans = new FlashKMeans();
    refuse(() -> kmeans.setK(1), "parameter k given invalid value 1");
    refuse(() -> kmeans.setMaxIter(-1), "parameter maxIter given invalid value -1");
    refuse(() -> kmeans.setTol(-1e-9), "parameter tol given invalid value -1.0E-9");
    refuse(() -> kmeans.setInitSteps(0), "parameter initSteps given invalid value 0");
    refuse(
        () -> kmeans.setInitMode("k-means++"), "parameter initMode given invalid value k-means+");
    refuse(() -> kmeans.setEngine("abacus"), "parameter engine given invalid value abacus");
  }

  @Test
  void shouldFindTheSameModelInEveryColumnType() {
    FlashKMeansModel expected = configured().fit(Frames.dense(ROWS));

    assertThat(configured().fit(Frames.sparse(ROWS)).centroids()).isEqualTo(expected.centroids());
    for (boolean containsNull : new boolean[] {false, true}) {
      assertThat(configured().fit(Frames.floats(ROWS, containsNull)).centroids())
          .as("array<float>, containsNull %s", containsNull)
          .isEqualTo(expected.centroids());
      assertThat(configured().fit(Frames.doubles(ROWS, containsNull)).centroids())
          .as("array<double>, containsNull %s", containsNull)
          .isEqualTo(expected.centroids());
    }
  }

  @Test
  void shouldFindTheSameBitsOnAnyPartitioning() {
    Dataset<Row> frame = Frames.floats(ROWS, true);
    FlashKMeansModel one = configured().fit(frame.repartition(1));
    FlashKMeansModel seven = configured().fit(frame.repartition(7));
    FlashKMeansModel random = configured().setInitMode("random").fit(frame.repartition(7));

    assertThat(seven.centroids().values()).containsExactly(one.centroids().values());
    assertThat(random.centroids().values())
        .containsExactly(configured().setInitMode("random").fit(frame).centroids().values());
    assertThat(one.centroids().k()).isEqualTo(4);
  }

  @Test
  void shouldReadPartitionsWithoutRows() {
    Dataset<Row> frame = Frames.floats(ROWS, true);
    Dataset<Row> mostlyEmpty = frame.repartition(7).filter("id < 4").union(frame.filter("id > 3"));

    assertThat(configured().fit(mostlyEmpty).centroids())
        .isEqualTo(configured().fit(frame).centroids());
  }

  @Test
  void shouldReturnTheDistinctRowsWhereKIsMore() {
    List<float[]> rows = List.of(new float[] {1, 2}, new float[] {3, 4}, new float[] {1, 2});

    FlashKMeansModel model = new FlashKMeans().setK(9).fit(Frames.floats(rows, true));

    assertThat(model.centroids().k()).isEqualTo(2);
    assertThat(List.of(model.clusterCenters()).stream().map(Object::toString))
        .containsExactlyInAnyOrder("[1.0,2.0]", "[3.0,4.0]");
  }

  @Test
  void shouldGiveItsParamsToTheModel() {
    FlashKMeans kmeans = configured().setPredictionCol("cell");
    FlashKMeansModel model = kmeans.fit(Frames.floats(ROWS, true));

    assertThat(model.parent()).isSameAs(kmeans);
    assertThat(model.uid()).isEqualTo(kmeans.uid());
    assertThat(model.getPredictionCol()).isEqualTo("cell");
    assertThat(model.get(model.k()).get()).isEqualTo(4);
    assertThat(model.get(model.seed()).get()).isEqualTo(7L);
  }

  @Test
  void shouldKeepParamsInCopies() {
    FlashKMeans kmeans = configured();
    FlashKMeans copy = kmeans.copy(new ParamMap().put(kmeans.maxIter(), 3));

    assertThat(copy.uid()).isEqualTo(kmeans.uid());
    assertThat(copy.getK()).isEqualTo(4);
    assertThat(copy.getSeed()).isEqualTo(7);
    assertThat(copy.getMaxIter()).isEqualTo(3);
    assertThat(kmeans.getMaxIter()).isEqualTo(20);
  }

  @Test
  void shouldComeBackFromDisk() throws IOException {
    FlashKMeans kmeans = configured().setInitMode("random").setEngine("cpu");
    String path = folder.resolve("estimator").toString();
    kmeans.save(path);

    FlashKMeans loaded = FlashKMeans.load(path);

    assertThat(loaded.uid()).isEqualTo(kmeans.uid());
    assertThat(loaded.extractParamMap().toString()).isEqualTo(kmeans.extractParamMap().toString());
    assertThat(loaded.getInitMode()).isEqualTo("random");
  }

  @Test
  void shouldComeBackFromDiskInAPipeline() throws IOException {
    String path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {configured()}).save(path);

    FlashKMeans loaded = (FlashKMeans) Pipeline.load(path).getStages()[0];

    assertThat(loaded.getK()).isEqualTo(4);
    assertThat(loaded.getSeed()).isEqualTo(7);
  }

  private static FlashKMeans configured() {
    return new FlashKMeans().setK(4).setSeed(7);
  }

  private static void refuse(ThrowingCallable setter, String message) {
    assertThatThrownBy(setter)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
