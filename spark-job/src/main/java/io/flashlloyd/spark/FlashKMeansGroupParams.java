package io.flashlloyd.spark;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** What {@link FlashKMeansGroups} and its model can be asked about their params. */
public interface FlashKMeansGroupParams extends FlashKMeansParams {
  /** The params beyond those of {@link FlashKMeansParams}. */
  GroupParamSet groupParamSet();

  default Param<String> groupCol() {
    return groupParamSet().groupCol;
  }

  default Param<String> handleInvalid() {
    return groupParamSet().handleInvalid;
  }

  default DoubleParam maxGroupSizeInMB() {
    return groupParamSet().maxGroupSizeInMB;
  }

  /** Column of groups; throws where it is not set. */
  default String getGroupCol() {
    return getOrDefault(groupCol());
  }

  /** What {@code transform} does with rows of groups that the model does not know. */
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }

  /** Most MiB of a group that is fitted within one task; 0 for the executor's share. */
  default double getMaxGroupSizeInMB() {
    return (Double) getOrDefault(maxGroupSizeInMB());
  }
}
