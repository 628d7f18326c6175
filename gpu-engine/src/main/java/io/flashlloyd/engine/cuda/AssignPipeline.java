package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.StageSeconds;

/**
 * Queues the kernels that take rows and centroids to assignments and totals: screen, sort by octet,
 * decide and sum, resolve what is left (src/main/cuda/README.md has the call diagram).
 */
final class AssignPipeline implements AutoCloseable {
  /** Rows of one launch; bounds the scratch memory. */
  private static final int SLICE_ROWS = 1 << 23;

  /** Above this many rows there are work items enough for large ones. */
  private static final int MANY_ROWS = 1 << 22;

  /** So there are above this many where octets are large. */
  private static final int ENOUGH_ROWS = 1 << 20;

  private static final int MANY_OF_OCTET = 1 << 14;

  private static final int THREADS = 256;

  private final DeviceWork work;
  private final RowScratch scratch = new RowScratch();
  private final ScreenStage screen;
  private final BoundsStage bounds;
  private TileChoice forced;
  private TileChoice lastTiles;

  AssignPipeline(DeviceWork work, ScreenChoice choice, BoundsChoice bounds) {
    this.work = work;
    this.screen = new ScreenStage(work, scratch, choice);
    this.bounds = new BoundsStage(work, scratch, screen, bounds);
  }

  ScreenStage screen() {
    return screen;
  }

  BoundsStage bounds() {
    return bounds;
  }

  RowScratch scratch() {
    return scratch;
  }

  /** Tiles instead of the cost model's, until null is given; any give the same bits. */
  void force(TileChoice tiles) {
    forced = tiles;
  }

  /** What the last slice of rows was cut into. */
  TileChoice lastTiles() {
    return lastTiles;
  }

  /** The same stages for a batch at a time. */
  BatchPipeline many(BatchTables tables) {
    BatchMember.Kind kind = tables.kind();
    return new BatchPipeline(
        work,
        scratch,
        screen.inRegisters(kind.dimension()),
        screen.form(kind.type(), kind.dimension()),
        tables);
  }

  /**
   * Queues all of a chunk's rows.
   *
   * @param moves of the centroids since the assignments that are there, whose bounds are to be
   *     used; or null
   * @param times takes the device time of each stage
   */
  void run(
      RowSlice rows,
      DeviceCentroids centroids,
      DeviceMoves moves,
      DeviceTotals totals,
      boolean countMoved,
      StageTimes times) {
    for (int first = 0; first < rows.count(); first += SLICE_ROWS) {
      RowSlice slice = rows.part(first, Math.min(SLICE_ROWS, rows.count() - first));
      int octets = centroids.octets();
      scratch.reserve(
          slice.count(),
          octets,
          itemRows(slice.count(), octets),
          moves == null ? 0 : screen.gatheredBytes(slice.count(), centroids.dimension()),
          work);
      RowList all = RowList.every(slice.count());
      RowList open = all;
      boolean settles = !totals.ofAllRows();
      if (moves != null && bounds.pays(slice, centroids.k(), centroids.dimension(), settles)) {
        times.start(work.stream());
        open = bounds.leaveOut(slice, centroids, moves, totals, settles);
        times.stage(StageSeconds.BOUNDS, work.stream());
      }
      RowList decided = settles ? open : all;
      if (!screen.screens()) {
        times.start(work.stream());
        listAll(slice);
      } else {
        screenAndDecide(slice, open, decided, centroids, totals, times);
        screen.collect(slice, centroids);
        scoreCandidates(slice, centroids);
      }
      resolve(slice, centroids, totals);
      publish(slice, decided, settles ? 0 : open.count(), centroids, totals, countMoved);
      times.stage(StageSeconds.REFINE, work.stream());
    }
  }

  private void screenAndDecide(
      RowSlice rows,
      RowList open,
      RowList decided,
      DeviceCentroids centroids,
      DeviceTotals totals,
      StageTimes times) {
    ScreenFinding found = screen.finds(centroids.dimension(), totals.nothing());
    // All is ready before the clock starts, or it would tell how long this took.
    boolean scores = found == ScreenFinding.NEAREST_AND_SCORE;
    Runnable launch = screen.of(rows, open, centroids, centroids.tiles(), found, scores);
    times.start(work.stream());
    launch.run();
    times.stage(StageSeconds.SCREEN, work.stream());
    if (found == ScreenFinding.NEAREST_AND_SCORE) {
      confirm(rows, centroids);
    } else {
      sort(rows, decided, centroids);
      times.stage(StageSeconds.SORT, work.stream());
      decide(rows, centroids, totals, found);
      times.stage(StageSeconds.REFINE_AND_SUM, work.stream());
    }
  }

  private int itemRows(int rows, int octets) {
    if (forced != null) {
      return forced.itemRows();
    }
    boolean many = rows >= MANY_ROWS || (rows >= ENOUGH_ROWS && rows / octets >= MANY_OF_OCTET);
    return many ? RowScratch.LARGE_ITEM : RowScratch.SMALL_ITEM;
  }

  private void sort(RowSlice rows, RowList which, DeviceCentroids centroids) {
    OctetSort.run(
        work,
        scratch,
        which,
        centroids.octets(),
        centroids.octets(),
        KernelCatalog.PLACE_ROWS,
        facts -> facts.address(scratch.seconds()).address(rows.norms()).address(rows.residuals()));
  }

  private void confirm(RowSlice rows, DeviceCentroids centroids) {
    int grid = 8 * work.context().multiprocessors();
    KernelArguments confirm = new KernelArguments();
    addFound(confirm, rows);
    centroids.addTo(confirm);
    confirm
        .next()
        .address(centroids.doubts())
        .next()
        .int32(rows.count())
        .next()
        .address(scratch.listedRows())
        .next()
        .address(scratch.listedCount());
    work.launch(KernelCatalog.CONFIRM_ROWS, grid, THREADS, 0, confirm);
    KernelArguments decide = new KernelArguments();
    rows.addTo(decide, centroids);
    centroids.addTo(decide);
    addFound(decide, rows);
    decide.next().address(scratch.listedRows()).next().address(scratch.listedCount());
    scratch.addUndecided(decide, scratch.collectCount());
    scratch.addCandidates(decide, rows.count());
    work.launch(KernelCatalog.of("DECIDE_LISTED", rows.type()), grid, THREADS, 0, decide);
  }

  /** The structs Screened and RowFacts of a screen that names the nearest centroids. */
  private void addFound(KernelArguments arguments, RowSlice rows) {
    scratch.addScreened(arguments.next(), ScreenFinding.NEAREST_AND_SCORE);
    arguments.next().address(scratch.seconds()).address(rows.norms()).address(rows.residuals());
  }

  private void decide(
      RowSlice rows, DeviceCentroids centroids, DeviceTotals totals, ScreenFinding found) {
    int dimension = centroids.dimension();
    boolean fast =
        totals.fast(rows.type())
            && rows.weights() == 0
            && dimension <= DecideShape.MAX_FAST_DIMENSION;
    String family =
        !fast ? "DECIDE_AND_SUM_GENERAL" : totals.ofAllRows() ? "DECIDE_AND_SUM" : "DECIDE";
    HalfSplit split = totals.split(rows.type()).orElse(HalfSplit.NONE);
    DecideShape shape =
        decideShape(rows.rowWords() * 4, dimension, fast, work.context().sharedMemory());
    lastTiles = new TileChoice(shape.tileRows(), scratch.itemRows());
    KernelArguments arguments = new KernelArguments();
    rows.addTo(arguments, centroids);
    centroids.addTo(arguments);
    arguments
        .next()
        .address(scratch.order())
        .address(scratch.starts())
        .address(scratch.itemStarts())
        .address(scratch.itemOctets());
    scratch.addScreened(arguments, found);
    arguments
        .int32(centroids.octets())
        .int32(scratch.itemRows())
        .int32(shape.tileRows())
        .int32(shape.rowStride())
        .int32(found == ScreenFinding.OCTETS ? 0 : 1)
        .int32(split.high())
        .int32(split.low());
    scratch.addResults(arguments, rows);
    totals.addTo(arguments);
    scratch.addUndecided(arguments, scratch.collectCount());
    scratch.addCandidates(arguments, rows.count());
    work.launch(
        KernelCatalog.of(family, rows.type()),
        scratch.items(),
        DecideShape.THREADS,
        shape.sharedBytes(),
        arguments);
  }

  private DecideShape decideShape(int rowBytes, int dimension, boolean fast, int sharedMemory) {
    if (forced == null) {
      return DecideShape.of(rowBytes, dimension, fast, sharedMemory);
    }
    return DecideShape.all(rowBytes, dimension, fast, sharedMemory).stream()
        .filter(shape -> shape.tileRows() <= forced.tileRows())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(forced + " do not fit this device"));
  }

  private void scoreCandidates(RowSlice rows, DeviceCentroids centroids) {
    int grid = 4 * work.context().multiprocessors();
    KernelArguments score = new KernelArguments();
    rows.addTo(score, centroids);
    centroids.addTo(score);
    score.next().address(scratch.undecidedRows());
    scratch.addCandidates(score, rows.count());
    scratch.addDecisions(score);
    work.launch(KernelCatalog.of("SCORE_CANDIDATES", rows.type()), grid, THREADS, 0, score);
  }

  private void listAll(RowSlice rows) {
    KernelArguments arguments = new KernelArguments().next().int32(rows.count());
    scratch.addUndecided(arguments, scratch.collectCount());
    scratch.addCandidates(arguments, rows.count());
    work.launch(
        KernelCatalog.LIST_ALL_ROWS,
        Math.min(1024, KernelShapes.ceilDiv(rows.count(), THREADS)),
        THREADS,
        0,
        arguments);
  }

  private void resolve(RowSlice rows, DeviceCentroids centroids, DeviceTotals totals) {
    ElementType type = rows.type();
    int multiprocessors = work.context().multiprocessors();
    KernelArguments tryAll = new KernelArguments();
    rows.addTo(tryAll, centroids);
    centroids.addTo(tryAll);
    tryAll.next().address(scratch.undecidedRows());
    scratch.addCandidates(tryAll, rows.count());
    scratch.addDecisions(tryAll);
    work.launch(
        KernelCatalog.of("TRY_ALL_CENTROIDS", type), 2 * multiprocessors, THREADS, 0, tryAll);
    KernelArguments settle = new KernelArguments();
    rows.addTo(settle, centroids);
    settle.next().address(scratch.undecidedRows()).next().address(scratch.undecidedCount());
    scratch.addDecisions(settle);
    scratch.addResults(settle, rows);
    totals.addTo(settle);
    work.launch(KernelCatalog.of("SETTLE_ROWS", type), 8 * multiprocessors, THREADS, 0, settle);
  }

  /**
   * The end of it.
   *
   * @param which rows were decided
   * @param openCount where it says that there is a list, rows not on it have their bounds; or 0
   */
  private void publish(
      RowSlice rows,
      RowList which,
      long openCount,
      DeviceCentroids centroids,
      DeviceTotals totals,
      boolean countMoved) {
    int multiprocessors = work.context().multiprocessors();
    KernelArguments publish = new KernelArguments().next().address(scratch.nearest());
    which.addTo(publish.next());
    publish.next().address(rows.assignments()).next().address(countMoved ? rows.assignments() : 0);
    scratch.addMoves(publish, totals.onlyMoved());
    publish
        .next()
        .address(totals.moved())
        .next() // the struct NewBounds
        .address(screen.screens() ? rows.bounds() : 0)
        .address(scratch.seconds())
        .address(rows.norms())
        .address(rows.residuals())
        .address(centroids.bounds());
    centroids.addFrame(publish);
    publish.address(openCount);
    work.launch(
        KernelCatalog.PUBLISH_ROWS,
        Math.min(8 * multiprocessors, KernelShapes.ceilDiv(rows.count(), THREADS)),
        THREADS,
        0,
        publish);
    if (totals.onlyMoved()) {
      KernelArguments move = new KernelArguments();
      rows.addTo(move, centroids);
      scratch.addMoves(move, true);
      move.next().address(rows.assignments());
      totals.addTo(move, true);
      work.launch(
          KernelCatalog.of("MOVE_ROWS", rows.type()), 8 * multiprocessors, THREADS, 0, move);
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
