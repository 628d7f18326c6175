package io.flashlloyd.spark.export;

import io.flashlloyd.io.lists.ClusterLists;
import io.flashlloyd.io.lists.ListWriter;
import io.flashlloyd.spark.data.Shared;
import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;

/** Writes the lists of a range of clusters, or of all. */
final class ListTask implements VoidFunction<Iterator<RangeRows>> {
  private static final long serialVersionUID = 1L;

  private final ListFiles files;
  private final Shared<ClusterLists> lists;
  private final ClusterRanges ranges;

  /**
   * @param ranges one for each partition
   */
  ListTask(ListFiles files, Shared<ClusterLists> lists, ClusterRanges ranges) {
    this.files = files;
    this.lists = lists;
    this.ranges = ranges;
  }

  @Override
  public void call(Iterator<RangeRows> rows) throws IOException {
    int range = TaskContext.getPartitionId();
    int first = ranges.starts()[range];
    int end = ranges.starts()[range + 1];
    try (ListWriter writer = files.open(lists.value(), range, first, end)) {
      while (rows.hasNext()) {
        rows.next().addTo(writer);
      }
      writer.commit();
    }
  }
}
