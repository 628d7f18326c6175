package io.flashlloyd.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/** The params of product quantization, made by their owners once {@code uid} is set. */
final class QuantizerParamSet {
  final IntParam subspaces;
  final Param<String> outputCol;

  QuantizerParamSet(Params owner) {
    subspaces =
        new IntParam(
            owner,
            "subspaces",
            "Number of contiguous slices, of one length, that vectors are cut into. Must be >= 1"
                + " and divide their dimension.",
            ParamValidators.gtEq(1));
    outputCol = new Param<>(owner, "outputCol", "output column name");
    owner.setDefault(subspaces, 8);
    owner.setDefault(outputCol, "codes");
  }
}
