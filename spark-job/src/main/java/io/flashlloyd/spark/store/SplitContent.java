package io.flashlloyd.spark.store;

import java.io.Serializable;
import java.util.Locale;

/**
 * What a split held when pass 0 read it; travels with the tasks, so that an executor that reads it
 * for the first time knows whether it is still the same. The order of rows is left out: a
 * DataFrame's partition that is computed again may have another one, and no result depends on it.
 *
 * @param checksum of the rows, in any order
 */
public record SplitContent(long rows, long checksum) implements Serializable {
  /**
   * Compares with what was found when the split was read again.
   *
   * @throws IllegalStateException where it is something else
   */
  public void requireSame(int split, SplitContent found) {
    if (!equals(found)) {
      throw changed(
          String.format(
              Locale.ROOT,
              "Split %d has %,d rows, checksum %016x (expected %,d, checksum %016x, as when it was"
                  + " first read)",
              split,
              found.rows,
              found.checksum,
              rows,
              checksum));
    }
  }

  /** Rows are not what they were. */
  static IllegalStateException changed(String difference) {
    return new IllegalStateException(
        difference
            + "; the input changed meanwhile, or the DataFrame is computed anew with another"
            + " result: cache it, or write it to files");
  }
}
