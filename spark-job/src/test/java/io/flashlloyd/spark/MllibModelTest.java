package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Between our models and MLlib's, in memory and on disk. */
class MllibModelTest {
  private static final Dataset<Row> FRAME = Frames.dense(Frames.rows(120, 6, 8));

  @TempDir private Path folder;

  @Test
  void shouldHaveEveryParamOfMllibByNameTextAndDefault() {
    KMeans theirs = new KMeans();
    FlashKMeans ours = new FlashKMeans();
    for (Param<?> param : theirs.params()) {
      assertThat(ours.hasParam(param.name())).as(param.name()).isTrue();
      Param<Object> our = ours.getParam(param.name());
      // Where our text goes on, it says how a value differs or that it has no effect.
      assertThat(our.doc()).startsWith(param.doc());
      if (!param.name().equals("seed")) { // the hash of the class's name
        assertThat(ours.getDefault(our).isDefined())
            .as(param.name())
            .isEqualTo(theirs.getDefault(param).isDefined());
        if (theirs.getDefault(param).isDefined()) {
          assertThat(ours.getDefault(our).get()).isEqualTo(theirs.getDefault(param).get());
        }
      }
    }
    assertThat(ours.getSeed()).isEqualTo("io.flashlloyd.spark.FlashKMeans".hashCode());
  }

  @Test
  void shouldTakeTheValuesThatMllibTakes() {
    KMeans theirs = new KMeans();
    FlashKMeans ours = new FlashKMeans();
    List<Object> numbers = List.of(-1, 0, 1, 2, 3, 1000);
    List<Object> fractions = List.of(-1.0, -1e-9, 0.0, 1e-9, 1.0, 4096.0);
    List<Object> texts =
        List.of("", "x", "random", "k-means||", "euclidean", "cosine", "row", "block", "auto");
    for (Param<?> param : theirs.params()) {
      Param<Object> their = theirs.getParam(param.name());
      Param<Object> our = ours.getParam(param.name());
      List<Object> values =
          param instanceof IntParam ? numbers : param instanceof DoubleParam ? fractions : texts;
      for (Object value : param instanceof LongParam ? List.<Object>of(7L) : values) {
        assertThat(our.isValid().apply(value))
            .as("%s = %s", param.name(), value)
            .isEqualTo(their.isValid().apply(value));
      }
    }
  }

  /** Everything that MLlib's estimator and model can be asked, ours can be, by the same name. */
  @Test
  void shouldHaveEveryMemberOfMllib() {
    assertThat(members(FlashKMeans.class)).containsAll(members(KMeans.class).toList());
    assertThat(members(FlashKMeansModel.class)).containsAll(members(KMeansModel.class).toList());
  }

  /** Public methods but those that Scala keeps to its own packages. */
  private static Stream<String> members(Class<?> type) {
    List<String> inner =
        List.of(
            "parentModel", "clusterCenterMatrix", "createSummary", "validateAndTransformSchema");
    return Arrays.stream(type.getMethods())
        .filter(method -> !java.lang.reflect.Modifier.isStatic(method.getModifiers()))
        .map(java.lang.reflect.Method::getName)
        .filter(name -> !name.contains("$") && !inner.contains(name))
        .distinct();
  }

  @Test
  void shouldOpenAModelThatMllibSaved() throws IOException {
    KMeansModel theirs =
        new KMeans()
            .setK(4)
            .setSeed(9)
            .setDistanceMeasure("cosine")
            .setPredictionCol("cell")
            .setSolver("row")
            .fit(FRAME.filter("id > 0"));
    theirs.save(folder.resolve("theirs").toString());

    FlashKMeansModel ours = FlashKMeansModel.load(folder.resolve("theirs").toString());

    assertThat(ours.uid()).isEqualTo(theirs.uid());
    assertThat(ours.getPredictionCol()).isEqualTo("cell");
    assertThat(ours.getDistanceMeasure()).isEqualTo("cosine");
    assertThat(ours.getK()).isEqualTo(4);
    assertThat(ours.getSolver()).isEqualTo("row");
    for (int cluster = 0; cluster < 4; cluster++) {
      for (int t = 0; t < 6; t++) {
        assertThat(ours.centroids().get(cluster, t))
            .isEqualTo((float) theirs.clusterCenters()[cluster].apply(t));
      }
    }
    assertThat(ours.transform(FRAME).select("cell").collectAsList())
        .isEqualTo(theirs.transform(FRAME).select("cell").collectAsList());
  }

  @Test
  void shouldGiveAModelThatMllibReads() throws IOException {
    FlashKMeansModel ours = new FlashKMeans().setK(4).setSeed(9).setTol(0.5).fit(FRAME);
    KMeansModel mllib = ours.toMLlib();
    assertThat(mllib.clusterCenters()).isEqualTo(ours.clusterCenters());
    mllib.write().overwrite().save(folder.resolve("mllib").toString());

    KMeansModel loaded = KMeansModel.load(folder.resolve("mllib").toString());

    assertThat(loaded.clusterCenters()).isEqualTo(ours.clusterCenters());
    assertThat(loaded.uid()).isEqualTo(ours.uid());
    assertThat(loaded.getK()).isEqualTo(4);
    assertThat(loaded.getTol()).isEqualTo(0.5);
    assertThat(loaded.transform(FRAME).select("prediction").collectAsList())
        .isEqualTo(ours.transform(FRAME).select("prediction").collectAsList());
  }

  @Test
  void shouldExportPmml() throws Exception {
    Centroids centroids = new Centroids(new float[] {1, 2, 6, 1, 3, 0, 1, 4, 6}, 3, 3);
    String path = folder.resolve("pmml").toString();
    new FlashKMeansModel("model", centroids).write().format("pmml").save(path);

    String xml = String.join("\n", LocalSpark.session().read().textFile(path).collectAsList());
    Document pmml =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    assertThat(pmml.getDocumentElement().getTagName()).isEqualTo("PMML");
    assertThat(attribute(pmml, "Header", "description")).isEqualTo("k-means clustering");
    assertThat(attribute(pmml, "DataDictionary", "numberOfFields")).isEqualTo("3");
    assertThat(attribute(pmml, "ClusteringModel", "numberOfClusters")).isEqualTo("3");
    assertThat(pmml.getElementsByTagName("Cluster").item(2).getTextContent().strip())
        .isEqualTo("1.0 4.0 6.0");
  }

  private static String attribute(Document document, String element, String name) {
    return document
        .getElementsByTagName(element)
        .item(0)
        .getAttributes()
        .getNamedItem(name)
        .getNodeValue();
  }

  @Test
  void shouldRefuseAFormatThatDoesNotExist() {
    FlashKMeansModel model = new FlashKMeansModel("m", new Centroids(new float[] {1, 2}, 2, 1));
    assertThatThrownBy(() -> model.write().format("onnx").save(folder.resolve("x").toString()))
        .hasMessageContaining("Could not load requested format onnx");
  }

  @Test
  void shouldRefuseAModelOfAnotherKind() throws IOException {
    new FlashKMeans().save(folder.resolve("estimator").toString());
    assertThatThrownBy(() -> FlashKMeansModel.load(folder.resolve("estimator").toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds a io.flashlloyd.spark.FlashKMeans (expected one of ");
  }

  @Test
  void shouldStartFromAModelOfMllib() {
    KMeansModel theirs = new KMeans().setK(3).setSeed(4).setMaxIter(1).fit(FRAME);

    FlashKMeansModel started = new FlashKMeans().setInitialModel(theirs).setMaxIter(0).fit(FRAME);

    assertThat(started.getK()).isEqualTo(3);
    assertThat(started.clusterCenters())
        .isEqualTo(
            Arrays.stream(theirs.clusterCenters())
                .map(c -> Arrays.stream(c.toArray()).map(x -> (float) x).toArray())
                .map(Vectors::dense)
                .toArray());
  }
}
