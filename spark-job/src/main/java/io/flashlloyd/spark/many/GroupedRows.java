package io.flashlloyd.spark.many;

import io.flashlloyd.io.VectorInputException;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.AbstractIterator;

/** Rows sorted by group, group after group. Each is to be read at once: Spark reuses its object. */
final class GroupedRows {
  private final Iterator<InternalRow> sorted;
  private final int groupOrdinal;
  private final String groupColumn;
  private InternalRow waiting;
  private UTF8String group;

  /**
   * @param groupOrdinal where in a row its group is, a string
   * @param groupColumn what errors call it
   */
  GroupedRows(Iterator<InternalRow> sorted, int groupOrdinal, String groupColumn) {
    this.sorted = sorted;
    this.groupOrdinal = groupOrdinal;
    this.groupColumn = groupColumn;
  }

  /** The next group, past what was not read of the last; null at the end. */
  String next() throws VectorInputException {
    while (hasRow()) {
      advance();
    }
    if (waiting == null) {
      return null;
    }
    if (waiting.isNullAt(groupOrdinal)) {
      throw VectorInputException.inRow(
          "column " + groupColumn,
          0,
          "the group is null (expected one in every row; drop or fill such rows)");
    }
    group = waiting.getUTF8String(groupOrdinal).clone();
    return group.toString();
  }

  /** The rows of the group that {@link #next} returned. */
  scala.collection.Iterator<InternalRow> rows() {
    return new AbstractIterator<>() {
      @Override
      public boolean hasNext() {
        return hasRow();
      }

      @Override
      public InternalRow next() {
        hasRow();
        return advance();
      }
    };
  }

  /** Whether a row of the current group waits; of any group before the first. */
  private boolean hasRow() {
    if (waiting == null && sorted.hasNext()) {
      waiting = sorted.next();
    }
    return waiting != null
        && group != null
        && !waiting.isNullAt(groupOrdinal)
        && waiting.getUTF8String(groupOrdinal).equals(group);
  }

  private InternalRow advance() {
    InternalRow row = waiting;
    waiting = null;
    return row;
  }
}
