package io.flashlloyd.io;

/** Ids of rows that no column names: their global numbers. */
final class RowNumbers implements IdReader {
  private long next;
  private final long end;

  RowNumbers(long first, long rows) {
    this.next = first;
    this.end = first + rows;
  }

  @Override
  public Ids next(int maxRows) {
    if (next == end) {
      return null;
    }
    int rows = (int) Math.min(maxRows, end - next);
    Ids ids = Ids.rowNumbers(next, rows);
    next += rows;
    return ids;
  }

  @Override
  public void close() {}
}
