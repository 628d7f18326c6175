package io.flashlloyd.spark;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** A row's nearest centroid within its group; of a group that is not known, an error or null. */
final class GroupPredictor implements UDF2<String, Object, Integer> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<GroupCentroids> groups;
  private final boolean strict;

  GroupPredictor(Broadcast<GroupCentroids> groups, boolean strict) {
    this.groups = groups;
    this.strict = strict;
  }

  Column apply(Column group, Column features) {
    UserDefinedFunction function = functions.udf(this, DataTypes.IntegerType);
    // With errors for what it does not know, it never gives null.
    return (strict ? function.asNonNullable() : function).apply(group, features);
  }

  @Override
  public Integer call(String group, Object features) {
    if (groups.value().knows(group)) {
      return groups.value().find(group, FeatureVector.of(features));
    }
    if (strict) {
      throw unknown(group);
    }
    return null;
  }

  static IllegalArgumentException unknown(String group) {
    return new IllegalArgumentException(
        "The model has no group %s (set handleInvalid to skip or keep for rows of such groups)"
            .formatted(group));
  }
}
