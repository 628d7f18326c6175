package io.flashlloyd.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.many.MemberFit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

/** A model for each group: the bits of a fit of that group alone. */
class FlashKMeansGroupsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("tenant", DataTypes.StringType)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType));

  private static Dataset<Row> frame;
  private static FlashKMeansGroupModel model;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() {
    frame = tenants(7, List.of("acme", "b", "", "Zürich"), 240, 6).repartition(3).cache();
    model = configured().fit(frame);
  }

  private static FlashKMeansGroups configured() {
    return new FlashKMeansGroups().setGroupCol("tenant").setK(5).setSeed(11).setTol(0);
  }

  /** Rows of random size for each tenant, some of them duplicates. */
  private static Dataset<Row> tenants(long seed, List<String> names, int rows, int dimension) {
    Random random = new Random(seed);
    List<Row> table = new ArrayList<>();
    for (String name : names) {
      int count = rows / 2 + random.nextInt(rows);
      for (float[] row : Frames.rows(count, dimension, random.nextLong())) {
        table.add(RowFactory.create(table.size(), name, boxed(row)));
        if (random.nextInt(9) == 0) {
          table.add(RowFactory.create(table.size(), name, boxed(row)));
        }
      }
    }
    return LocalSpark.session().createDataFrame(table, SCHEMA);
  }

  private static Float[] boxed(float[] row) {
    Float[] boxed = new Float[row.length];
    for (int t = 0; t < row.length; t++) {
      boxed[t] = row[t];
    }
    return boxed;
  }

  @Test
  void shouldHaveTheBitsOfAFitOfEachGroupAlone() {
    assertThat(model.groups()).containsExactly("", "Zürich", "acme", "b");
    for (String group : model.groups()) {
      Dataset<Row> alone = frame.filter(frame.col("tenant").equalTo(group));
      FlashKMeansModel expected = new FlashKMeans().setK(5).setSeed(11).setTol(0).fit(alone);
      assertThat(model.model(group).centroids()).as(group).isEqualTo(expected.centroids());
    }
  }

  @Test
  void shouldHaveTheSameBitsWhereverAGroupIsFitted() {
    for (String mode : List.of("random", "k-means||")) {
      long seed = System.nanoTime();
      Dataset<Row> rows = tenants(seed, List.of("x", "y"), 90, 3);
      FlashKMeansGroups kmeans = configured().setInitMode(mode).setSeed(seed);
      String label = mode + ", seed " + seed;

      FlashKMeansGroupModel inTasks = kmeans.fit(rows.repartition(5));
      FlashKMeansGroupModel byAll = kmeans.setMaxGroupSizeInMB(1e-4).fit(rows);

      assertThat(inTasks.groups()).containsExactly("x", "y");
      for (String group : inTasks.groups()) {
        assertThat(byAll.model(group).centroids())
            .as("%s, %s", label, group)
            .isEqualTo(inTasks.model(group).centroids());
      }
      assertThat(byAll.summary().collectAsList())
          .as(label)
          .isEqualTo(inTasks.summary().collectAsList());
    }
  }

  @Test
  void shouldSayOfEachGroupWhatCameOut() {
    for (Row row : model.summary().collectAsList()) {
      String group = row.getAs("group");
      Dataset<Row> own = frame.filter(frame.col("tenant").equalTo(group));
      double cost = 0;
      long[] sizes = new long[5];
      for (Row vector : own.collectAsList()) {
        float[] x = FeatureVector.of(vector.getAs("features"));
        int cluster =
            NearestCentroid.local(model.model(group).centroids(), DistanceMeasure.EUCLIDEAN)
                .find(x);
        sizes[cluster]++;
        for (int t = 0; t < x.length; t++) {
          cost += Math.pow(x[t] - (double) model.model(group).centroids().get(cluster, t), 2);
        }
      }
      assertThat(row.<Long>getAs("rows")).isEqualTo(own.count());
      assertThat(row.<Integer>getAs("k")).isEqualTo(5);
      assertThat(row.<Integer>getAs("numIter")).isBetween(1, 20);
      assertThat(row.<Double>getAs("trainingCost"))
          .isCloseTo(cost, org.assertj.core.data.Offset.offset(1e-9 * cost));
      assertThat(row.<Long>getList(row.fieldIndex("clusterSizes")))
          .containsExactly(java.util.Arrays.stream(sizes).boxed().toArray(Long[]::new));
    }
  }

  @Test
  void shouldPredictWithinEachRowsGroup() {
    for (Row row : model.transform(frame).collectAsList()) {
      Vector vector = Vectors.dense(Frames.doubles(FeatureVector.of(row.getAs("features"))));
      assertThat(row.<Integer>getAs("prediction"))
          .isEqualTo(model.predict(row.getAs("tenant"), vector))
          .isEqualTo(model.model(row.getAs("tenant")).predict(vector));
    }
    assertThat(model.transform(frame).schema().apply("prediction").nullable()).isFalse();
  }

  @Test
  void shouldDoWithUnknownGroupsWhatItWasTold() {
    Dataset<Row> more =
        frame.selectExpr("id", "if(id < 3, 'new', if(id < 5, null, tenant)) tenant", "features");
    long known = frame.count() - 5;

    // Without the rows of no group: which partition fails first is anybody's guess.
    Dataset<Row> named = more.filter("tenant is not null");
    assertThatThrownBy(() -> model.transform(named).collectAsList())
        .hasStackTraceContaining("The model has no group new (set handleInvalid to skip or keep");
    assertThat(model.copy(model.extractParamMap()).setHandleInvalid("skip").transform(more).count())
        .isEqualTo(known);
    Dataset<Row> kept =
        model.copy(model.extractParamMap()).setHandleInvalid("keep").transform(more);
    assertThat(kept.filter("prediction is null").count()).isEqualTo(5);
    assertThat(kept.schema().apply("prediction").nullable()).isTrue();
    assertThatThrownBy(() -> model.predict("new", Vectors.zeros(6)))
        .hasMessageStartingWith("The model has no group new");
  }

  @Test
  void shouldTakeNumbersAndDatesAsGroups() {
    Dataset<Row> days =
        frame.selectExpr(
            "features", "length(tenant) size", "date_add(DATE'2026-01-01', length(tenant)) day");

    assertThat(configured().setGroupCol("size").fit(days).groups())
        .containsExactly("0", "1", "4", "6");
    FlashKMeansGroupModel byDay = configured().setGroupCol("day").fit(days);
    assertThat(byDay.groups()).contains("2026-01-02", "2026-01-07");
    assertThat(byDay.transform(days).filter("prediction is null").count()).isZero();
  }

  @Test
  void shouldReturnTheDistinctRowsOfAGroupThatHasFew() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(RowFactory.create(i, i % 10 == 0 ? "few" : "many", new Float[] {i % 20f, 1f}));
    }

    FlashKMeansGroupModel fitted =
        configured().fit(LocalSpark.session().createDataFrame(rows, SCHEMA));

    assertThat(fitted.model("few").centroids().values()).hasSize(4).contains(0f, 10f);
    assertThat(fitted.model("many").centroids().k()).isEqualTo(5);
    Row few = fitted.summary().filter("group = 'few'").first();
    assertThat(few.<Integer>getAs("k")).isEqualTo(2);
    assertThat(few.<Double>getAs("trainingCost")).isZero();
    assertThat(few.<Long>getList(few.fieldIndex("clusterSizes"))).containsExactlyInAnyOrder(2L, 1L);
  }

  @Test
  void shouldComeBackFromDiskInAPipeline() throws IOException {
    String path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {configured()}).fit(frame).save(path);

    FlashKMeansGroupModel loaded = (FlashKMeansGroupModel) PipelineModel.load(path).stages()[0];

    assertThat(loaded.groups()).isEqualTo(model.groups());
    assertThat(loaded.getGroupCol()).isEqualTo("tenant");
    assertThat(loaded.getSeed()).isEqualTo(11);
    for (String group : model.groups()) {
      assertThat(loaded.model(group).centroids()).isEqualTo(model.model(group).centroids());
    }
    assertThat(loaded.summary().collectAsList()).isEqualTo(model.summary().collectAsList());
    FlashKMeansGroups estimator = configured().setMaxGroupSizeInMB(3);
    estimator.save(folder.resolve("estimator").toString());
    assertThat(FlashKMeansGroups.load(folder.resolve("estimator").toString()).extractParamMap())
        .hasToString(estimator.extractParamMap().toString());
  }

  @Test
  void shouldSendItsCentroidsThroughKryo() {
    SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
    List<MemberFit> fits =
        List.of(new MemberFit("acme", 1, model.model("acme").centroids(), 0, 0, true, new long[5]));
    GroupCentroids sent = new GroupCentroids(fits, DistanceMeasure.EUCLIDEAN);

    ByteBuffer bytes = kryo.serialize(sent, ClassTag$.MODULE$.apply(GroupCentroids.class));
    GroupCentroids read = kryo.deserialize(bytes, ClassTag$.MODULE$.apply(GroupCentroids.class));

    Row row = frame.filter("tenant = 'acme'").first();
    float[] x = FeatureVector.of(row.getAs("features"));
    assertThat(read.find("acme", x.clone())).isEqualTo(sent.find("acme", x));
    assertThat(read.knows("b")).isFalse();
  }

  @Test
  void shouldRefuseWhatItCannotCluster() {
    refuse(
        configured().setGroupCol("team"),
        frame,
        "Group column team does not exist (the DataFrame has: id, ");
    refuse(
        configured().setGroupCol("features"), frame, "Group column features has type array<float>");
    refuse(
        configured(),
        frame.withColumnRenamed("id", "prediction"),
        "Column prediction already exists");
    refuse(
        configured(),
        frame.selectExpr("if(id = 4, null, tenant) tenant", "features"),
        "column tenant, row 0: the group is null");
    refuse(
        configured(),
        frame.selectExpr("tenant", "if(id = 4, array(float('NaN')), features) features"),
        "column features, group acme");
    refuse(configured(), frame.filter("id < 0"), "Column features has no rows");
    refuse(
        configured(),
        frame.selectExpr("tenant", "slice(features, 1, length(tenant) + 1) features"),
        "have vectors of different lengths");
  }

  private static void refuse(FlashKMeansGroups kmeans, Dataset<Row> rows, String message) {
    assertThatThrownBy(() -> kmeans.fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
