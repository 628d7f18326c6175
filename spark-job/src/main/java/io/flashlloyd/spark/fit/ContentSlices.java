package io.flashlloyd.spark.fit;

import io.flashlloyd.spark.data.RowContent;
import io.flashlloyd.spark.data.Slicing;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Sets of contents in parts, for more of them than may travel whole.
 *
 * @param count parts of nearly the same size
 */
record ContentSlices(int count)
    implements Slicing<Set<RowContent>, Set<RowContent>, Set<RowContent>> {
  /** About what one part takes. */
  static final long SLICE_BYTES = 64L << 20;

  /** Parts for about so many contents. */
  static int count(long contents, int dimension, long sliceBytes) {
    long bytes = contents * (32L + 4L * dimension);
    return (int) Math.max(1, (bytes + sliceBytes - 1) / sliceBytes);
  }

  @Override
  public Iterator<Set<RowContent>> cut(Set<RowContent> result, int index) {
    return List.of(slice(result, index)).iterator();
  }

  private Set<RowContent> slice(Set<RowContent> result, int index) {
    Set<RowContent> part = new HashSet<>();
    for (RowContent content : result) {
      if (Math.floorMod(content.hashCode(), count) == index) {
        part.add(content);
      }
    }
    return part;
  }

  @Override
  public Set<RowContent> join(int index, Iterator<Set<RowContent>> pieces) {
    Set<RowContent> all = pieces.next();
    pieces.forEachRemaining(all::addAll);
    return all;
  }

  static Set<RowContent> union(Set<RowContent> a, Set<RowContent> b) {
    a.addAll(b);
    return a;
  }
}
