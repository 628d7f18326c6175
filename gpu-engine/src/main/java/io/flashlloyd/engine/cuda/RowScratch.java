package io.flashlloyd.engine.cuda;

/**
 * Device memory that one slice of rows needs between its kernels, in one piece that grows and is
 * used again: the stream runs slice after slice. Sizes are of {@code rows} rows and {@code octets}
 * octets; names are those of the kernels.
 */
final class RowScratch implements AutoCloseable {
  /** Rows of a work item, where there are few rows ... */
  static final int SMALL_ITEM = 512;

  /** ... and the most that sum_tiles.cuh adds up exactly. */
  static final int LARGE_ITEM = 2048;

  private static final int SPARE_PAIRS = 1 << 16;

  private DeviceBuffer arena;
  private int pairCapacity;
  private int items;
  private int itemRows;

  private long nearest;
  private long seconds;
  private long order;
  private long octetCounts;
  private long ctaCounts;
  private long starts;
  private long itemStarts;
  private long itemOctets;
  private long undecidedRows;
  private long runnerUps;
  private long thirds;
  private long collectRows;
  private long collectEntries;
  private long collectThresholds;
  private long entryMarks;
  private long exhaustive;
  private long distances;
  private long clusters;
  private long movedRows;
  private long movedFrom;
  private long pairs;
  private long pairDistances;
  private long pairClusters;
  private long open;
  private long gathered;
  private long counters;

  /**
   * Lays out for a slice; the stream must be done with the last one only if it has to grow.
   *
   * @param rowsOfItem rows of a work item
   * @param gatheredBytes for images of listed rows
   */
  void reserve(int rows, int octetCount, int rowsOfItem, long gatheredBytes, DeviceWork work) {
    ArenaLayout layout = new ArenaLayout();
    pairCapacity = Math.toIntExact(Math.min(2L * rows + SPARE_PAIRS, Integer.MAX_VALUE - 64));
    itemRows = rowsOfItem;
    items = Math.toIntExact(rows / itemRows + Math.min(octetCount, (long) rows));
    nearest = layout.take(4L * rows);
    seconds = layout.take(4L * rows);
    order = layout.take(16L * rows);
    open = layout.take(4L * rows);
    gathered = layout.take(gatheredBytes);
    counters = layout.take(ArenaLayout.ALIGNMENT);
    octetCounts = layout.take(4L * octetCount);
    ctaCounts = layout.take(OctetSort.ctaCountBytes(octetCount, work));
    starts = layout.take(4L * (octetCount + 1));
    itemStarts = layout.take(4L * (octetCount + 1));
    itemOctets = layout.take(4L * items);
    undecidedRows = layout.take(4L * rows);
    runnerUps = layout.take(4L * rows);
    thirds = layout.take(4L * rows);
    collectRows = layout.take(4L * rows);
    collectEntries = layout.take(4L * rows);
    collectThresholds = layout.take(4L * rows);
    entryMarks = layout.take(8L * rows);
    exhaustive = layout.take(4L * rows);
    distances = layout.take(8L * rows);
    clusters = layout.take(4L * rows);
    movedRows = layout.take(4L * rows);
    movedFrom = layout.take(4L * rows);
    pairs = layout.take(8L * pairCapacity);
    pairDistances = layout.take(8L * pairCapacity);
    pairClusters = layout.take(4L * pairCapacity);
    if (arena == null || arena.bytes() < layout.bytes()) {
      close();
      arena = work.memory().allocate(layout.bytes());
    }
    arena.fill(counters, ArenaLayout.ALIGNMENT + 4L * octetCount, 0, work.stream());
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

  /** Each row's nearest centroid, or the first of its best octet. */
  long nearest() {
    return at(nearest);
  }

  long seconds() {
    return at(seconds);
  }

  long order() {
    return at(order);
  }

  long octetCounts() {
    return at(octetCounts);
  }

  /** The same by CTA, where there are few octets. */
  long ctaCounts() {
    return at(ctaCounts);
  }

  long starts() {
    return at(starts);
  }

  long itemStarts() {
    return at(itemStarts);
  }

  long itemOctets() {
    return at(itemOctets);
  }

  long undecidedRows() {
    return at(undecidedRows);
  }

  long undecidedCount() {
    return at(counters);
  }

  long exhaustiveCount() {
    return at(counters) + 8;
  }

  /** Rows that the screen's scores leave in doubt, in the place of those that moved. */
  long listedRows() {
    return at(movedRows);
  }

  long listedCount() {
    return at(counters) + 20;
  }

  /** Rows whose candidates another screen collects. */
  long collectRows() {
    return at(collectRows);
  }

  long collectCount() {
    return at(counters) + 12;
  }

  /** Rows that bounds leave open, [rows]. */
  long open() {
    return at(open);
  }

  long openCount() {
    return at(counters) + 24;
  }

  /** Those that the fastest centroids decide, in the place of undecided rows, which come later. */
  long middle(int level) {
    long[] free = {collectRows, collectEntries, collectThresholds, exhaustive};
    return at(free[level]);
  }

  long middleCount(int level) {
    return at(counters) + 28 + 4L * level;
  }

  /** Of the rows looked at first: all, open, middle by level. */
  long sampled() {
    return middleCount(DeviceMoves.LEVELS);
  }

  /** The distances of middle rows, in the place of those of undecided rows, which come later. */
  long middleDistances() {
    return at(distances);
  }

  /** Where images of listed rows go. */
  long gathered() {
    return at(gathered);
  }

  /** Best scores, where the order of rows will be, which comes later, or which nobody needs. */
  long bests() {
    return at(order);
  }

  /** The fields of the struct Screened of screen.cuh. */
  void addScreened(KernelArguments arguments, ScreenFinding found) {
    addScreened(arguments, found, found == ScreenFinding.NEAREST_AND_SCORE);
  }

  /** The same; best scores where they are asked for. */
  void addScreened(KernelArguments arguments, ScreenFinding found, boolean scores) {
    boolean octets = found == ScreenFinding.OCTETS;
    arguments
        .address(at(nearest))
        .address(at(seconds))
        .address(octets ? at(runnerUps) : 0)
        .address(octets ? at(thirds) : 0)
        .address(scores ? bests() : 0);
  }

  /**
   * The struct Undecided of decide.cuh.
   *
   * @param collectCount {@link #collectCount}, or 0 where no second screen follows
   */
  void addUndecided(KernelArguments arguments, long collectCount) {
    arguments
        .next()
        .address(at(undecidedRows))
        .address(undecidedCount())
        .address(at(distances))
        .address(at(clusters))
        .address(at(collectRows))
        .address(at(collectEntries))
        .address(at(collectThresholds))
        .address(collectCount);
  }

  /** The struct MovedRows of decide.cuh; null where nobody asks for the rows that moved. */
  void addMoves(KernelArguments arguments, boolean asked) {
    arguments
        .next()
        .address(asked ? at(movedRows) : 0)
        .address(asked ? at(movedFrom) : 0)
        .address(asked ? at(counters) + 16 : 0);
  }

  /** The struct Collected of screen.cuh. */
  void addCollected(KernelArguments arguments) {
    arguments.next().address(at(collectEntries)).address(at(collectThresholds));
  }

  /** The struct Candidates of screen.cuh. */
  void addCandidates(KernelArguments arguments, int rows) {
    arguments
        .next()
        .address(at(entryMarks))
        .address(at(pairs))
        .address(at(counters) + 4)
        .int32(pairCapacity)
        .address(at(entryMarks) + 4L * rows)
        .address(at(exhaustive))
        .address(exhaustiveCount());
  }

  /**
   * The struct Halves of screen_wide_sm90.cu, in the place of the pairs and what is known of them,
   * which come after the screen.
   */
  void addHalves(KernelArguments arguments, int rows) {
    arguments.next();
    for (int i = 0; i < 5; i++) {
      arguments.address(at(pairs) + 8L * rows * i);
    }
    arguments.address(0);
  }

  /** The struct RowResults of decide.cuh. */
  void addResults(KernelArguments arguments, RowSlice rows) {
    arguments.next().address(nearest()).address(rows.distances());
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

  /** Of the last slice; waits. */
  RowCounts readCounters(DeviceWork work) {
    int[] counts = new int[RowCounts.FIELDS];
    work.staging()
        .copyOut(
            arena,
            counters,
            4 * counts.length,
            (piece, offset) -> piece.asIntBuffer().get(counts),
            work.stream());
    return RowCounts.of(counts);
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
