package io.flashlloyd.spark;

import io.flashlloyd.spark.many.MemberFit;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The codebooks that {@link FlashProductQuantizer} found. A row's code is, for each slice of it,
 * the index of the nearest centroid: {@code binary}, an unsigned byte for each subspace, where k is
 * at most 256, else {@code array<short>}.
 */
public final class FlashProductQuantizerModel extends Model<FlashProductQuantizerModel>
    implements ProductQuantizerParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final List<MemberFit> fits;
  private final Codebooks codebooks;
  private final KMeansParamSet params;
  private final QuantizerParamSet quantizerParams;

  FlashProductQuantizerModel(String uid, List<MemberFit> fits) {
    this.uid = uid;
    this.fits =
        fits.stream()
            .sorted(Comparator.comparingInt(fit -> Integer.parseInt(fit.member())))
            .toList();
    this.codebooks = new Codebooks(this.fits.stream().map(MemberFit::centroids).toList());
    this.params = new KMeansParamSet(this);
    this.quantizerParams = new QuantizerParamSet(this);
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
  public QuantizerParamSet quantizerParamSet() {
    return quantizerParams;
  }

  /** Dimension of the rows that this model takes. */
  public int numFeatures() {
    return codebooks.dimension();
  }

  /** One slice's codebook, as a {@link FlashKMeans} fitted to that slice alone would give it. */
  public FlashKMeansModel codebook(int subspace) {
    return new FlashKMeansModel(uid + "_" + subspace, fits.get(subspace).centroids());
  }

  /** [subspaces] the centroid, by its index, that is nearest to each slice of the vector. */
  public int[] encode(float[] vector) {
    return codebooks.encode(vector);
  }

  /** [numFeatures] the vector that these codes, [subspaces], stand for. */
  public float[] decode(int[] codes) {
    return codebooks.decode(codes);
  }

  /**
   * A row for each subspace: {@code subspace} string, {@code rows} bigint, {@code k} int, {@code
   * trainingCost} double, {@code numIter} int, {@code converged} boolean, {@code clusterSizes}
   * array of bigint, [k]. The costs' sum is the squared error of the codes of all training rows.
   */
  public Dataset<Row> summary() {
    return MemberFitTable.summary(SparkSession.active(), "subspace", fits);
  }

  /** Adds the column of codes. */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Codebooks books = codebooks;
    boolean bytes = bytes();
    UDF1<Object, Object> encode =
        features -> CodeFormat.pack(books.encode(FeatureVector.of(features)), bytes);
    return dataset.withColumn(
        getOutputCol(),
        functions
            .udf(encode, CodeSchema.type(getK()))
            .asNonNullable()
            .apply(dataset.col(getFeaturesCol())));
  }

  /**
   * Adds a column {@code array<float>}, [numFeatures], of the vectors that the codes stand for.
   *
   * @param dataset with the column of codes
   */
  public Dataset<Row> reconstruct(Dataset<?> dataset, String column) {
    Codebooks books = codebooks;
    UDF1<Object, float[]> decode = codes -> books.decode(CodeFormat.unpack(codes));
    return dataset.withColumn(
        column,
        functions
            .udf(decode, DataTypes.createArrayType(DataTypes.FloatType, false))
            .apply(dataset.col(getOutputCol())));
  }

  private boolean bytes() {
    return CodeSchema.type(getK()).equals(DataTypes.BinaryType);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return CodeSchema.append(schema, this, getK());
  }

  @Override
  public FlashProductQuantizerModel copy(ParamMap extra) {
    FlashProductQuantizerModel copy = new FlashProductQuantizerModel(uid, fits);
    return copyValues(copy.setParent(parent()), extra);
  }

  @Override
  public MLWriter write() {
    return new MemberFitTable.Writer(this, fits);
  }

  /** A reader of saved models. */
  public static MLReader<FlashProductQuantizerModel> read() {
    return new MemberFitTable.Reader<>(
        FlashProductQuantizerModel.class, FlashProductQuantizerModel::new);
  }

  /** The model saved at {@code path}. */
  public static FlashProductQuantizerModel load(String path) throws IOException {
    return read().load(path);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "FlashProductQuantizerModel: uid=%s, subspaces=%d, k=%d, numFeatures=%d",
        uid,
        fits.size(),
        getK(),
        numFeatures());
  }

  public FlashProductQuantizerModel setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  public FlashProductQuantizerModel setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }
}
