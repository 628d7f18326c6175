package io.flashlloyd.spark.fit;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.spark.data.RowContent;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Row contents as centroids. */
final class Candidates {
  private Candidates() {}

  /** In the order given. */
  static Centroids inOrder(Collection<RowContent> contents) {
    int dimension = contents.iterator().next().dimension();
    float[] values = new float[Math.multiplyExact(contents.size(), dimension)];
    int offset = 0;
    for (RowContent content : contents) {
      content.copyTo(values, offset);
      offset += dimension;
    }
    return new Centroids(values, contents.size(), dimension);
  }

  /** All distinct rows, fewer than k: ordered by content, whichever way they were found. */
  static Initializer.Initialization exhausted(List<RowContent> distinct) {
    return new Initializer.Initialization(inOrder(new TreeSet<>(distinct)), true);
  }
}
