package io.flashlloyd.spark;

import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.many.MemberFit;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The models of all groups that {@link FlashKMeansGroups} found; assigns a row to the nearest
 * centroid of its group. Groups are named by their values as strings. Used by one thread.
 */
public final class FlashKMeansGroupModel extends Model<FlashKMeansGroupModel>
    implements FlashKMeansGroupParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final List<MemberFit> fits;
  private final Map<String, MemberFit> byGroup = new HashMap<>();
  private final KMeansParamSet params;
  private final GroupParamSet groupParams;
  private transient Broadcast<GroupCentroids> shared;
  private transient GroupCentroids local;

  FlashKMeansGroupModel(String uid, List<MemberFit> fits) {
    this.uid = uid;
    this.fits = fits.stream().sorted(Comparator.comparing(MemberFit::member)).toList();
    fits.forEach(fit -> byGroup.put(fit.member(), fit));
    this.params = new KMeansParamSet(this);
    this.groupParams = new GroupParamSet(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public KMeansParamSet paramSet() {
    return params;
  }

  @Override
  public GroupParamSet groupParamSet() {
    return groupParams;
  }

  /** The groups, in order. */
  public String[] groups() {
    return fits.stream().map(MemberFit::member).toArray(String[]::new);
  }

  /** Dimension of the rows that this model takes. */
  public int numFeatures() {
    return fits.get(0).centroids().dimension();
  }

  /**
   * The model of one group, as a {@link FlashKMeans} fitted to that group alone would give it.
   *
   * @throws IllegalArgumentException where there is no such group
   */
  public FlashKMeansModel model(String group) {
    FlashKMeansModel model = new FlashKMeansModel(uid + "_" + group, fit(group).centroids());
    return copyValues(model, ParamMap.empty());
  }

  /** The cluster, within its group, of one vector. */
  public int predict(String group, Vector features) {
    fit(group);
    if (local == null) {
      local = centroids();
    }
    return local.find(group, FeatureVector.of(features));
  }

  private MemberFit fit(String group) {
    MemberFit fit = byGroup.get(group);
    if (fit == null) {
      throw GroupPredictor.unknown(group);
    }
    return fit;
  }

  /**
   * A row for each group: {@code group} string, {@code rows} bigint, {@code k} int (clusters that
   * it has), {@code trainingCost} double (of these centroids), {@code numIter} int, {@code
   * converged} boolean, {@code clusterSizes} array of bigint, [k].
   */
  public Dataset<Row> summary() {
    return MemberFitTable.summary(SparkSession.active(), "group", fits);
  }

  /** Adds the prediction column: the index of each row's nearest centroid within its group. */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    String handleInvalid = getHandleInvalid();
    GroupPredictor predictor =
        new GroupPredictor(shared(dataset), handleInvalid.equals(GroupParamSet.ERROR));
    Column group = dataset.col(getGroupCol()).cast(DataTypes.StringType);
    Column prediction = predictor.apply(group, dataset.col(getFeaturesCol()));
    Dataset<Row> predicted = dataset.withColumn(getPredictionCol(), prediction);
    return handleInvalid.equals(GroupParamSet.SKIP)
        ? predicted.filter(predicted.col(getPredictionCol()).isNotNull())
        : predicted;
  }

  private GroupCentroids centroids() {
    return new GroupCentroids(fits, DistanceMeasure.of(getDistanceMeasure()));
  }

  /** Each executor gets the centroids once. */
  private Broadcast<GroupCentroids> shared(Dataset<?> dataset) {
    if (shared == null) {
      shared = new JavaSparkContext(dataset.sparkSession().sparkContext()).broadcast(centroids());
    }
    return shared;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return GroupSchema.append(schema, this);
  }

  @Override
  public FlashKMeansGroupModel copy(ParamMap extra) {
    FlashKMeansGroupModel copy = new FlashKMeansGroupModel(uid, fits);
    return copyValues(copy.setParent(parent()), extra);
  }

  @Override
  public MLWriter write() {
    return new MemberFitTable.Writer(this, fits);
  }

  /** A reader of saved models. */
  public static MLReader<FlashKMeansGroupModel> read() {
    return new MemberFitTable.Reader<>(FlashKMeansGroupModel.class, FlashKMeansGroupModel::new);
  }

  /** The model saved at {@code path}. */
  public static FlashKMeansGroupModel load(String path) throws IOException {
    return read().load(path);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "FlashKMeansGroupModel: uid=%s, groups=%d, k=%d, numFeatures=%d",
        uid,
        fits.size(),
        getK(),
        numFeatures());
  }

  public FlashKMeansGroupModel setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  public FlashKMeansGroupModel setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  public FlashKMeansGroupModel setGroupCol(String value) {
    set(groupCol(), value);
    return this;
  }

  /** {@code error}, {@code skip} or {@code keep}. */
  public FlashKMeansGroupModel setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }
}
