package io.flashlloyd.spark;

import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/** The params of fits by group. Made by their owners' constructors once {@code uid} is set. */
final class GroupParamSet {
  static final String ERROR = "error";
  static final String SKIP = "skip";
  static final String KEEP = "keep";

  final Param<String> groupCol;
  final Param<String> handleInvalid;
  final DoubleParam maxGroupSizeInMB;

  GroupParamSet(Params owner) {
    groupCol =
        new Param<>(
            owner,
            "groupCol",
            "group column name; rows of one group have the same value as a string");
    handleInvalid =
        new Param<>(
            owner,
            "handleInvalid",
            "What transform does with rows of a group that the model does not know: 'error',"
                + " 'skip' (leave them out) or 'keep' (prediction is null).",
            ParamValidators.inArray(List.of(ERROR, SKIP, KEEP)));
    maxGroupSizeInMB =
        new DoubleParam(
            owner,
            "maxGroupSizeInMB",
            "Most memory in MB of a group that is fitted within one task; larger groups are fitted"
                + " by all executors, one after the other. Must be >= 0; 0 is a task's share of the"
                + " memory for decoded vectors. Same result.",
            ParamValidators.gtEq(0));
    owner.setDefault(handleInvalid, ERROR);
    owner.setDefault(maxGroupSizeInMB, 0.0);
  }
}
