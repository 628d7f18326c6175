package io.flashlloyd.spark;

import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.many.GroupedFit;
import io.flashlloyd.spark.many.MemberFit;
import java.io.IOException;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exact k-means for each group of rows, all in one job: a model for each tenant, language or
 * day. Each group's centroids have the bits of a {@link FlashKMeans} with the same params fitted to
 * that group alone.
 *
 * <p>An estimator of its own, and no {@code groupCol} of {@link FlashKMeans}, since {@code fit}
 * says by its type what it returns.
 *
 * <p>Groups of up to {@code maxGroupSizeInMB} are brought together by one shuffle and fitted each
 * within one task; larger ones by all executors, one after the other. The model is on the driver:
 * its centroids, 4 bytes for each of {@code groups * k * dimension}, must fit there.
 */
public final class FlashKMeansGroups extends Estimator<FlashKMeansGroupModel>
    implements FlashKMeansSetters<FlashKMeansGroups>,
        FlashKMeansGroupParams,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(FlashKMeansGroups.class);

  private final String uid;
  private final KMeansParamSet params;
  private final GroupParamSet groupParams;

  public FlashKMeansGroups() {
    this(Identifiable$.MODULE$.randomUID("kmeansgroups"));
  }

  /** An estimator with this id, as readers make it. */
  public FlashKMeansGroups(String uid) {
    this.uid = uid;
    this.params = new KMeansParamSet(this);
    this.groupParams = new GroupParamSet(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public FlashKMeansGroups self() {
    return this;
  }

  @Override
  public KMeansParamSet paramSet() {
    return params;
  }

  @Override
  public GroupParamSet groupParamSet() {
    return groupParams;
  }

  /**
   * Clusters each group's rows.
   *
   * @return a model of every group; k centroids for each, or as many as it has distinct rows
   * @throws IllegalArgumentException where a row has no group, or is no vector of finite numbers,
   *     or of another length; it names the row and its group
   */
  @Override
  public FlashKMeansGroupModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    FitCall.refuse(this, weightCol(), "fit each weighted group with FlashKMeans");
    EngineSettings engine = EngineSettings.of(dataset.sparkSession().sparkContext(), getEngine());
    VectorColumns columns = FitCall.columns(this, dataset, null);
    GroupedFit fit =
        new GroupedFit(columns, getGroupCol(), FitCall.config(this, null), engine, maxGroupBytes());
    List<MemberFit> groups = FitCall.run(this, progress -> fit.run(dataset, progress));
    long fewer = groups.stream().filter(group -> group.centroids().k() < getK()).count();
    if (fewer > 0) {
      LOG.warn(
          "{} of {} groups have fewer distinct rows than k = {}: they are the centroids",
          fewer,
          groups.size(),
          getK());
    }
    return copyValues(new FlashKMeansGroupModel(uid, groups).setParent(this), ParamMap.empty());
  }

  private long maxGroupBytes() {
    return (long) (getMaxGroupSizeInMB() * (1 << 20));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return GroupSchema.append(schema, this);
  }

  @Override
  public FlashKMeansGroups copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved estimators. */
  public static MLReader<FlashKMeansGroups> read() {
    return new SavedMetadata.Reader<>(FlashKMeansGroups.class);
  }

  /** The estimator saved at {@code path}. */
  public static FlashKMeansGroups load(String path) throws IOException {
    return read().load(path);
  }

  /** A column of strings, whole numbers, booleans or dates. */
  public FlashKMeansGroups setGroupCol(String value) {
    set(groupCol(), value);
    return this;
  }

  public FlashKMeansGroups setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  /** {@code error}, {@code skip} or {@code keep}. */
  public FlashKMeansGroups setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return this;
  }

  public FlashKMeansGroups setMaxGroupSizeInMB(double value) {
    set(maxGroupSizeInMB(), value);
    return this;
  }
}
