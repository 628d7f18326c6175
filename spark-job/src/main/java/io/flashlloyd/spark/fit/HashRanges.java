package io.flashlloyd.spark.fit;

import io.flashlloyd.spark.data.Slicing;
import java.util.Iterator;
import java.util.List;

/**
 * Contents by ranges of their hashes, for more of them than may travel whole: 262,144 rows of 1,024
 * float32 are 1.1 GB.
 *
 * @param uppers the largest hash of each range, unsigned, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HashRanges(long[] uppers)
    implements Slicing<SmallestHashes, SmallestHashes, SmallestHashes> {
  /**
   * Ranges of nearly the same number of hashes.
   *
   * @param hashes ascending, unsigned, one at least
   */
  static HashRanges of(long[] hashes, int count) {
    int ranges = Math.min(count, hashes.length);
    long[] uppers = new long[ranges];
    for (int i = 0; i < ranges; i++) {
      uppers[i] = hashes[(int) ((long) hashes.length * (i + 1) / ranges) - 1];
    }
    return new HashRanges(uppers);
  }

  @Override
  public int count() {
    return uppers.length;
  }

  @Override
  public Iterator<SmallestHashes> cut(SmallestHashes result, int index) {
    return List.of(slice(result, index)).iterator();
  }

  private SmallestHashes slice(SmallestHashes result, int index) {
    return index == 0 ? result.upTo(uppers[0]) : result.between(uppers[index - 1], uppers[index]);
  }

  @Override
  public SmallestHashes join(int index, Iterator<SmallestHashes> pieces) {
    SmallestHashes all = pieces.next();
    while (pieces.hasNext()) {
      all = all.merge(pieces.next());
    }
    return all;
  }
}
