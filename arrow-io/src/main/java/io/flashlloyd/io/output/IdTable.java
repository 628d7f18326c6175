package io.flashlloyd.io.output;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** What rows are called, one Parquet file: {@code row} int64, {@code id} int64 or string. */
public final class IdTable {
  private static final int PAGE_ROWS = 1 << 15;

  private IdTable() {}

  /**
   * Writes a file that appears when it is whole.
   *
   * @param firstRow the number of the first id's row
   * @param type INT64 or STRING
   */
  public static void write(
      String uri, long firstRow, IdReader ids, IdType type, Configuration hadoop)
      throws IOException {
    PrimitiveType row = Types.required(PrimitiveTypeName.INT64).named("row");
    MessageType schema = new MessageType("ids", row, IdPage.column(type));
    IdPage names = new IdPage(type, PAGE_ROWS);
    long[] numbers = new long[PAGE_ROWS];
    long next = firstRow;
    try (ColumnFile file = new ColumnFile(uri, schema, hadoop)) {
      for (Ids some = ids.next(PAGE_ROWS); some != null; some = ids.next(PAGE_ROWS)) {
        long first = next;
        Arrays.setAll(numbers, i -> first + i);
        names.set(0, some, 0, some.rows());
        file.add(List.of(ColumnPage.longs(row, numbers, some.rows()), names.take(some.rows())));
        next += some.rows();
      }
      file.commit();
    }
  }
}
