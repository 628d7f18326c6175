package io.flashlloyd.engine.cuda;

/**
 * Queues what leaves rows out of the screen: each row is measured against its own centroid, and its
 * bound, carried over to the centroids now, may prove that no other is as near (bounds.cuh,
 * measure.cu).
 */
final class BoundsStage {
  private static final int THREADS = 256;

  /** Below so many multiply-adds of a slice, what there is to save is launches' time. */
  private static final double LEAST_WORK = 5e11;

  /** Multiply-adds of a screen in a second, bytes that other kernels take, measured on an H200. */
  private static final double SCREEN_RATE = 3.5e14;

  private static final double BYTE_RATE = 3e12;

  /** Bytes that sorting and deciding a row take beside the row, and confirming a middle row. */
  private static final int DECIDE_BYTES = 40;

  private static final int CONFIRM_BYTES = 200;

  /** A list's rows lie apart, and its last tiles are not full. */
  private static final double LISTED = 1.04;

  /** What there must be to gain. */
  private static final double MARGIN = 0.1;

  /** No list is worth its kernels where it has to be so short. */
  private static final double LEAST_SHARE = 0.1;

  private final DeviceWork work;
  private final RowScratch scratch;
  private final ScreenStage screen;
  private final BoundsChoice choice;
  private final Patience patience = new Patience();

  BoundsStage(DeviceWork work, RowScratch scratch, ScreenStage screen, BoundsChoice choice) {
    this.work = work;
    this.scratch = scratch;
    this.screen = screen;
    this.choice = choice;
  }

  /** Whether bounds are worth their 4 bytes a row. */
  boolean keeps() {
    return choice != BoundsChoice.IGNORE && screen.screens();
  }

  /** Whether a pass is to look at bounds at all, after others found too many rows open. */
  boolean tries() {
    return choice != BoundsChoice.USE || patience.tries();
  }

  /** What a pass that looked found: whether any row was left out. */
  void learn(boolean useful) {
    patience.learn(useful);
  }

  /**
   * Whether to look at the bounds of so many rows.
   *
   * @param k centroids
   */
  boolean pays(RowSlice rows, int k, int dimension, boolean settles) {
    return switch (choice) {
      case IGNORE -> false;
      case SMALL, ALWAYS -> true;
      case USE ->
          (double) rows.count() * k * dimension >= LEAST_WORK
              && mostOpen(rows, k, dimension, settles) >= LEAST_SHARE;
    };
  }

  /**
   * The share of open rows up to which a list of them is faster to screen than all rows are.
   *
   * @param settles whether a kept row is then done with; else it is decided as others are
   */
  private float mostOpen(RowSlice rows, int k, int dimension, boolean settles) {
    if (choice != BoundsChoice.USE) {
      return choice == BoundsChoice.SMALL ? 0.5f : 2;
    }
    int bytes = 4 * rows.rowWords();
    double measuring = (bytes + 4 * KernelShapes.paddedDimension(dimension)) / BYTE_RATE;
    double spared = secondsSpared(bytes, k, dimension, settles);
    return (float) ((spared - measuring) / (LISTED * spared) - MARGIN);
  }

  /** What a row takes from the screen on, which one that is left out does not. */
  private static double secondsSpared(int rowBytes, int k, int dimension, boolean settles) {
    double screening = (double) k * dimension / SCREEN_RATE;
    return screening + (settles ? (rowBytes + DECIDE_BYTES) / BYTE_RATE : 0);
  }

  /**
   * Queues all of it.
   *
   * @param settles whether kept rows are counted here, with their costs; else every row will be
   *     decided, and kept ones are named as a screen would
   * @return the rows that are left to screen: by the time the device comes to it, a list or all
   */
  RowList leaveOut(
      RowSlice rows,
      DeviceCentroids centroids,
      DeviceMoves moves,
      DeviceTotals totals,
      boolean settles) {
    int multiprocessors = work.context().multiprocessors();
    ScreenFinding found = screen.finds(centroids.dimension(), false);
    KernelArguments sample = new KernelArguments();
    rows.addTo(sample, centroids);
    centroids.addTo(sample);
    addBounded(sample, rows, centroids, moves, totals, settles);
    work.launch(
        KernelCatalog.of("SAMPLE_ROWS", rows.type()), 4 * multiprocessors, THREADS, 0, sample);
    KernelArguments measure = new KernelArguments();
    rows.addTo(measure, centroids);
    centroids.addTo(measure);
    addBounded(measure, rows, centroids, moves, totals, settles);
    scratch.addScreened(measure.next(), found);
    scratch.addResults(measure, rows);
    totals.addTo(measure, false);
    work.launch(
        KernelCatalog.of("MEASURE_ROWS", rows.type()), 8 * multiprocessors, THREADS, 0, measure);
    for (int level = 0; level < DeviceMoves.LEVELS; level++) {
      // Rows of a level that leaves out no more than the one before were kept by that.
      if (moves.tiles(level) > (level == 0 ? 0 : moves.tiles(level - 1))) {
        screenMiddle(level, rows, centroids, moves, totals, settles);
      }
    }
    return new RowList(rows.count(), scratch.open(), scratch.openCount());
  }

  /** Against the fastest centroids, of which a level leaves out the first tiles. */
  private void screenMiddle(
      int level,
      RowSlice rows,
      DeviceCentroids centroids,
      DeviceMoves moves,
      DeviceTotals totals,
      boolean settles) {
    DeviceCentroids fastest = moves.fastest();
    RowList middle = new RowList(rows.count(), scratch.middle(level), scratch.middleCount(level));
    ScreenFinding found = screen.finds(centroids.dimension(), false);
    screen.of(rows, middle, fastest, moves.tiles(level), found, true).run();
    KernelArguments confirm = new KernelArguments();
    rows.addTo(confirm, centroids);
    addBounded(confirm, rows, centroids, moves, totals, settles);
    confirm
        .next() // the struct FastScreen of measure.cu
        .int32(level)
        .address(moves.chosen())
        .address(fastest.padded())
        .address(fastest.bounds());
    scratch.addScreened(confirm, found, true);
    confirm.address(scratch.seconds()).address(rows.norms()).address(rows.residuals());
    scratch.addScreened(confirm.next(), found);
    scratch.addResults(confirm, rows);
    totals.addTo(confirm, false);
    int grid = 8 * work.context().multiprocessors();
    work.launch(KernelCatalog.of("CONFIRM_MIDDLE", rows.type()), grid, THREADS, 0, confirm);
  }

  /** The struct BoundedRows of bounds.cuh. */
  private void addBounded(
      KernelArguments arguments,
      RowSlice rows,
      DeviceCentroids centroids,
      DeviceMoves moves,
      DeviceTotals totals,
      boolean settles) {
    arguments
        .next()
        .address(rows.assignments())
        .address(rows.bounds())
        .address(moves.ranked())
        .float64(moves.shrink())
        .address(scratch.open())
        .address(scratch.openCount());
    for (int level = 0; level < DeviceMoves.LEVELS; level++) {
      arguments.address(scratch.middle(level));
    }
    arguments
        .address(scratch.middleCount(0))
        .address(scratch.middleDistances())
        .address(scratch.sampled())
        .address(totals.kept())
        .float32(mostOpen(rows, centroids.k(), centroids.dimension(), settles));
    double confirming =
        CONFIRM_BYTES
            / BYTE_RATE
            / secondsSpared(4 * rows.rowWords(), centroids.k(), centroids.dimension(), settles);
    for (int level = 0; level < DeviceMoves.LEVELS; level++) {
      arguments.float32((float) (moves.share(level) + confirming));
    }
    arguments.int32(settles ? 1 : 0);
  }
}
