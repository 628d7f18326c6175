package io.flashlloyd.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** What {@link FlashProductQuantizer} and its model can be asked about their params. */
public interface ProductQuantizerParams extends FlashKMeansParams {
  /** The params beyond those of {@link FlashKMeansParams}. */
  QuantizerParamSet quantizerParamSet();

  default IntParam subspaces() {
    return quantizerParamSet().subspaces;
  }

  default Param<String> outputCol() {
    return quantizerParamSet().outputCol;
  }

  /** Into how many contiguous slices of one length vectors are cut. */
  default int getSubspaces() {
    return (Integer) getOrDefault(subspaces());
  }

  /** Column of codes. */
  default String getOutputCol() {
    return getOrDefault(outputCol());
  }
}
