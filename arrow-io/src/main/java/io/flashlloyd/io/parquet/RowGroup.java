package io.flashlloyd.io.parquet;

import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;

/**
 * A row group's wanted columns.
 *
 * @param columns as asked for
 * @param pages of each of them
 */
record RowGroup(long rows, List<ColumnDescriptor> columns, List<ColumnPages> pages) {
  ColumnPages pages(ColumnDescriptor column) {
    return pages.get(columns.indexOf(column));
  }
}
