package io.flashlloyd.spark;

import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.many.MemberFit;
import io.flashlloyd.spark.many.SubspaceFit;
import java.io.IOException;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Product quantization (Jégou et al., TPAMI 2011): vectors are cut into {@code subspaces}
 * contiguous slices of one length, and each slice is clustered by itself into {@code k} (256 by
 * default) centroids, its codebook. A vector is then {@code subspaces} small numbers. Each codebook
 * has the bits of a {@link FlashKMeans} with the same params fitted to that slice alone.
 *
 * <p>The DataFrame is read once for each subspace: cache it where that is dear.
 */
public final class FlashProductQuantizer extends Estimator<FlashProductQuantizerModel>
    implements FlashKMeansSetters<FlashProductQuantizer>,
        ProductQuantizerParams,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** Codes of one byte. */
  private static final int DEFAULT_K = 256;

  private final String uid;
  private final KMeansParamSet params;
  private final QuantizerParamSet quantizerParams;

  public FlashProductQuantizer() {
    this(Identifiable$.MODULE$.randomUID("productquantizer"));
  }

  /** An estimator with this id, as readers make it. */
  public FlashProductQuantizer(String uid) {
    this.uid = uid;
    this.params = new KMeansParamSet(this);
    this.quantizerParams = new QuantizerParamSet(this);
    setDefault(params.k, DEFAULT_K);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public FlashProductQuantizer self() {
    return this;
  }

  @Override
  public KMeansParamSet paramSet() {
    return params;
  }

  @Override
  public QuantizerParamSet quantizerParamSet() {
    return quantizerParams;
  }

  /**
   * Fits a codebook for each slice of the vectors.
   *
   * @throws IllegalArgumentException where {@code subspaces} does not divide the vectors'
   *     dimension, or a row is no vector of finite numbers, or of another length; it names the row
   */
  @Override
  public FlashProductQuantizerModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    FitCall.refuse(this, weightCol(), "repeat rows, or fit each slice with FlashKMeans");
    if (DistanceMeasure.of(getDistanceMeasure()) != DistanceMeasure.EUCLIDEAN) {
      throw new IllegalArgumentException(
          "distanceMeasure is %s (expected euclidean: codes must give lengths back)"
              .formatted(getDistanceMeasure()));
    }
    EngineSettings engine = EngineSettings.of(dataset.sparkSession().sparkContext(), getEngine());
    VectorColumns columns = FitCall.columns(this, dataset, null);
    // What computes the DataFrame runs once, for all slices; Spark keeps its vectors meanwhile.
    Dataset<Row> vectors = dataset.select(dataset.col(getFeaturesCol()));
    boolean kept = dataset.storageLevel().equals(StorageLevel.NONE());
    if (kept) {
      vectors.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      SubspaceFit fit =
          new SubspaceFit(
              columns,
              getSubspaces(),
              dimension(vectors, columns),
              FitCall.config(this, null),
              engine);
      List<MemberFit> codebooks = FitCall.run(this, progress -> fit.run(vectors, progress));
      return copyValues(
          new FlashProductQuantizerModel(uid, codebooks).setParent(this), ParamMap.empty());
    } finally {
      if (kept) {
        vectors.unpersist();
      }
    }
  }

  /** Of the first row's vector; the others are compared with it when they are read. */
  private int dimension(Dataset<?> dataset, VectorColumns columns) {
    Column vector = dataset.col(getFeaturesCol());
    List<Row> first = dataset.select(vector).filter(vector.isNotNull()).limit(1).collectAsList();
    if (first.isEmpty()) {
      throw columns.noRows();
    }
    int dimension = FeatureVector.of(first.get(0).get(0)).length;
    if (dimension % getSubspaces() != 0) {
      throw new IllegalArgumentException(
          "Vectors have dimension %d (expected a multiple of subspaces, which is %d)"
              .formatted(dimension, getSubspaces()));
    }
    return dimension;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return CodeSchema.append(schema, this, getK());
  }

  @Override
  public FlashProductQuantizer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved estimators. */
  public static MLReader<FlashProductQuantizer> read() {
    return new SavedMetadata.Reader<>(FlashProductQuantizer.class);
  }

  /** The estimator saved at {@code path}. */
  public static FlashProductQuantizer load(String path) throws IOException {
    return read().load(path);
  }

  public FlashProductQuantizer setSubspaces(int value) {
    set(subspaces(), value);
    return this;
  }

  public FlashProductQuantizer setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }
}
