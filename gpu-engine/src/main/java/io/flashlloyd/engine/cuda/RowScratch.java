package io.flashlloyd.engine.cuda;

/**
 * Device memory that one slice of rows needs between its kernels, in one piece that grows and is
 * used again: the stream runs slice after slice. Sizes are of {@code rows} rows and {@code groups}
 * groups; names are those of the kernels.
 */
final class RowScratch implements AutoCloseable {
  /** Above this many rows there are work items enough for large ones. */
  private static final int MANY_ROWS = 1 << 22;

  private static final int SMALL_ITEM = 512;
  private static final int LARGE_ITEM = 2048;

  private static final int ALIGNMENT = 256;
  private static final int SPARE_PAIRS = 1 << 16;

  private DeviceBuffer arena;
  private long used;
  private int pairCapacity;
  private int items;
  private int itemRows;

  private long groups;
  private long seconds;
  private long order;
  private long groupCounts;
  private long starts;
  private long itemStarts;
  private long itemGroups;
  private long undecidedRows;
  private long thresholds;
  private long entryMarks;
  private long exhaustive;
  private long distances;
  private long clusters;
  private long pairs;
  private long pairDistances;
  private long pairClusters;
  private long counters;

  /** Lays out for a slice; the stream must be done with the last one only if it has to grow. */
  void reserve(int rows, int groupCount, DeviceWork work) {
    used = 0;
    pairCapacity = Math.toIntExact(Math.min(2L * rows + SPARE_PAIRS, Integer.MAX_VALUE - 64));
    itemRows = rows >= MANY_ROWS ? LARGE_ITEM : SMALL_ITEM;
    items = Math.toIntExact(rows / itemRows + Math.min(groupCount, (long) rows));
    groups = take(4L * rows);
    seconds = take(4L * rows);
    order = take(4L * rows);
    groupCounts = take(4L * groupCount);
    starts = take(4L * (groupCount + 1));
    itemStarts = take(4L * (groupCount + 1));
    itemGroups = take(4L * items);
    undecidedRows = take(4L * rows);
    thresholds = take(4L * rows);
    entryMarks = take(8L * rows);
    exhaustive = take(4L * rows);
    distances = take(8L * rows);
    clusters = take(4L * rows);
    pairs = take(8L * pairCapacity);
    pairDistances = take(8L * pairCapacity);
    pairClusters = take(4L * pairCapacity);
    counters = take(ALIGNMENT);
    if (arena == null || arena.bytes() < used) {
      close();
      arena = work.memory().allocate(used);
    }
    DeviceStream stream = work.stream();
    arena.fill(groupCounts, 4L * groupCount, 0, stream);
    arena.fill(entryMarks, 8L * rows, 0, stream);
    arena.fill(distances, 8L * rows, 0xff, stream);
    arena.fill(clusters, 4L * rows, 0x7f, stream);
    arena.fill(counters, ALIGNMENT, 0, stream);
  }

  private long take(long bytes) {
    long at = used;
    used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
  }

  private long at(long offset) {
    return arena.address() + offset;
  }

  /** Rows of one work item of decide_and_sum, for which it adds its sums to the totals once. */
  int itemRows() {
    return itemRows;
  }

  /** At most this many work items. */
  int items() {
    return items;
  }

  long groups() {
    return at(groups);
  }

  long seconds() {
    return at(seconds);
  }

  long order() {
    return at(order);
  }

  long groupCounts() {
    return at(groupCounts);
  }

  long starts() {
    return at(starts);
  }

  long itemStarts() {
    return at(itemStarts);
  }

  long itemGroups() {
    return at(itemGroups);
  }

  long undecidedRows() {
    return at(undecidedRows);
  }

  long undecidedCount() {
    return at(counters);
  }

  long exhaustive() {
    return at(exhaustive);
  }

  long exhaustiveCount() {
    return at(counters) + 8;
  }

  /** The struct Undecided of decide.cuh. */
  void addUndecided(KernelArguments arguments) {
    arguments.next().address(at(undecidedRows)).address(at(thresholds)).address(undecidedCount());
  }

  /** The struct Candidates of screen.cuh. */
  void addCandidates(KernelArguments arguments, int rows) {
    arguments
        .next()
        .address(at(thresholds))
        .address(at(entryMarks))
        .address(at(pairs))
        .address(at(counters) + 4)
        .int32(pairCapacity)
        .address(at(entryMarks) + 4L * rows)
        .address(at(exhaustive))
        .address(exhaustiveCount());
  }

  /**
   * The struct Halves of screen_wide_sm90.cu, in the place of the pairs: found after the screen.
   */
  void addHalves(KernelArguments arguments, int rows) {
    arguments.next().address(at(pairs)).address(at(pairs) + 8L * rows).address(at(pairDistances));
  }

  /** The struct Decisions of resolve.cu. */
  void addDecisions(KernelArguments arguments) {
    arguments
        .next()
        .address(at(distances))
        .address(at(clusters))
        .address(at(pairDistances))
        .address(at(pairClusters));
  }

  /** Undecided rows, candidate pairs and exhaustive rows of the last slice; waits for it. */
  int[] readCounters(DeviceWork work) {
    long[] packed = new long[2];
    work.staging()
        .copyOut(
            arena,
            counters,
            16,
            (piece, offset) -> piece.asLongBuffer().get(packed),
            work.stream());
    return new int[] {(int) packed[0], (int) (packed[0] >>> 32), (int) packed[1]};
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
