package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.StageSeconds;

/**
 * Queues the kernels that take rows and centroids to assignments and totals: screen, sort by group,
 * decide and sum, resolve what is left (src/main/cuda/README.md has the call diagram).
 */
final class AssignPipeline implements AutoCloseable {
  /** Rows of one launch; bounds the scratch memory. */
  private static final int SLICE_ROWS = 1 << 23;

  /** Above this many rows there are work items enough for large ones. */
  private static final int MANY_ROWS = 1 << 22;

  /** So there are above this many where groups are large. */
  private static final int ENOUGH_ROWS = 1 << 20;

  private static final int MANY_OF_GROUP = 1 << 14;

  /** The tensor cores' float16 mma begins here; older cards decide every row exhaustively. */
  private static final int FIRST_SCREEN_CAPABILITY = 80;

  static final int HOPPER = 90;
  private static final int WIDE_STAGES = 4;
  private static final int WIDE_ROWS = 256;
  private static final int WIDE_THREADS = 384;
  private static final int PORTABLE_ROWS = 128;
  private static final int PORTABLE_STAGES = 3;
  private static final int PORTABLE_THREADS = 128;
  private static final int THREADS = 256;

  private final DeviceWork work;
  private final RowScratch scratch = new RowScratch();
  private final ScreenChoice choice;
  private TileChoice forced;
  private TileChoice lastTiles;

  AssignPipeline(DeviceWork work, ScreenChoice choice) {
    this.work = work;
    this.choice = choice;
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

  /** The same stages for many problems at a time. */
  ProblemPipeline many(ProblemTables tables) {
    Problem.Kind kind = tables.kind();
    return new ProblemPipeline(
        work, scratch, hopper(kind.dimension()), form(kind.type(), kind.dimension()), tables);
  }

  /** Queues all of a chunk's rows; {@code times} takes the device time of each stage. */
  void run(
      RowSlice rows,
      DeviceCentroids centroids,
      DeviceTotals totals,
      boolean countMoved,
      StageTimes times) {
    for (int first = 0; first < rows.count(); first += SLICE_ROWS) {
      RowSlice slice = rows.part(first, Math.min(SLICE_ROWS, rows.count() - first));
      scratch.reserve(
          slice.count(), centroids.groups(), itemRows(slice.count(), centroids.groups()), work);
      times.start(work.stream());
      if (!screens()) {
        listAll(slice);
      } else {
        if (readsImages(centroids.centroids().dimension())) {
          screenWide(slice, centroids);
        } else {
          screen(slice, centroids, false);
        }
        times.stage(StageSeconds.SCREEN, work.stream());
        sort(slice, centroids);
        times.stage(StageSeconds.SORT, work.stream());
        decide(slice, centroids, totals, countMoved);
        times.stage(StageSeconds.REFINE_AND_SUM, work.stream());
        screen(slice, centroids, true);
        scoreCandidates(slice, centroids);
      }
      resolve(slice, centroids, totals, countMoved);
      times.stage(StageSeconds.REFINE, work.stream());
    }
  }

  private int itemRows(int rows, int groups) {
    if (forced != null) {
      return forced.itemRows();
    }
    boolean many = rows >= MANY_ROWS || (rows >= ENOUGH_ROWS && rows / groups >= MANY_OF_GROUP);
    return many ? RowScratch.LARGE_ITEM : RowScratch.SMALL_ITEM;
  }

  /** Whether there is a screen; without, every row tries every centroid. */
  boolean screens() {
    return choice != ScreenChoice.NONE && work.context().capability() >= FIRST_SCREEN_CAPABILITY;
  }

  /** Whether the screen that holds rows in registers takes this dimension. */
  boolean hopper(int dimension) {
    return choice == ScreenChoice.BEST
        && work.context().capability() == HOPPER
        && dimension <= HopperShape.MAX_DIMENSION;
  }

  private boolean findsSecond(int dimension) {
    return !hopper(dimension) || HopperShape.findsSecond(dimension);
  }

  /** How the screen reads rows of this type and dimension. */
  ScreenForm form(ElementType type, int dimension) {
    return ScreenForm.of(type, hopper(dimension), readsImages(dimension));
  }

  private void screen(RowSlice rows, DeviceCentroids centroids, boolean collect) {
    int dimension = centroids.centroids().dimension();
    KernelArguments arguments =
        new KernelArguments()
            .next()
            .address(rows.screen())
            .int32(rows.screenStride())
            .int32(form(rows.type(), dimension).rowKind(rows.type()))
            .int32(rows.count())
            .address(collect ? scratch.collectRows() : 0)
            .address(collect ? scratch.collectCount() : 0)
            .next()
            .address(centroids.images())
            .next()
            .address(centroids.halfNorms())
            .next()
            .int32(centroids.tiles());
    boolean hopper = hopper(dimension);
    if (!hopper) {
      arguments.next().int32(KernelShapes.slices(dimension));
    }
    if (collect) {
      scratch.addCollected(arguments);
      scratch.addCandidates(arguments, rows.count());
    } else {
      scratch.addScreened(arguments.next(), findsSecond(dimension));
    }
    int multiprocessors = work.context().multiprocessors();
    if (hopper) {
      HopperShape shape = HopperShape.of(dimension);
      work.launch(
          KernelCatalog.hopperScreen(collect ? "COLLECT" : "BEST", shape.kSteps()),
          collect
              ? multiprocessors
              : Math.min(multiprocessors, KernelShapes.ceilDiv(rows.count(), HopperShape.ROWS)),
          HopperShape.THREADS,
          shape.sharedBytes(),
          arguments);
    } else {
      work.launch(
          collect ? KernelCatalog.SCREEN_PORTABLE_COLLECT : KernelCatalog.SCREEN_PORTABLE_BEST,
          collect
              ? 2 * multiprocessors
              : Math.min(2 * multiprocessors, KernelShapes.ceilDiv(rows.count(), PORTABLE_ROWS)),
          PORTABLE_THREADS,
          PORTABLE_STAGES * KernelShapes.SLICE_BYTES,
          arguments);
    }
  }

  /** Whether the screen of this dimension reads rows as tile images. */
  boolean readsImages(int dimension) {
    return choice == ScreenChoice.BEST
        && work.context().capability() == HOPPER
        && dimension > HopperShape.MAX_DIMENSION;
  }

  private void screenWide(RowSlice rows, DeviceCentroids centroids) {
    KernelArguments arguments =
        new KernelArguments()
            .next()
            .address(rows.image())
            .next()
            .int32(rows.count())
            .next()
            .address(centroids.images())
            .next()
            .address(centroids.halfNorms())
            .next()
            .int32(centroids.tiles())
            .next()
            .int32(KernelShapes.slices(centroids.centroids().dimension()));
    scratch.addHalves(arguments, rows.count());
    int pairs =
        Math.min(
            work.context().multiprocessors() / 2, KernelShapes.ceilDiv(rows.count(), WIDE_ROWS));
    work.launch(
        KernelCatalog.SCREEN_WIDE_SM90,
        2 * pairs,
        WIDE_THREADS,
        WIDE_STAGES * 3 * KernelShapes.SLICE_BYTES,
        arguments);
    KernelArguments merge = new KernelArguments();
    scratch.addHalves(merge, rows.count());
    scratch.addScreened(merge.next().int32(rows.count()).next(), true);
    work.launch(
        KernelCatalog.MERGE_HALVES, KernelShapes.ceilDiv(rows.count(), THREADS), THREADS, 0, merge);
  }

  private void sort(RowSlice rows, DeviceCentroids centroids) {
    GroupSort.run(
        work,
        scratch,
        rows.count(),
        centroids.groups(),
        centroids.groups(),
        KernelCatalog.PLACE_ROWS,
        facts -> facts.address(scratch.seconds()).address(rows.norms()).address(rows.residuals()));
  }

  private void decide(
      RowSlice rows, DeviceCentroids centroids, DeviceTotals totals, boolean countMoved) {
    int dimension = centroids.centroids().dimension();
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
    addRows(arguments, rows, centroids);
    centroids.addTo(arguments);
    arguments
        .next()
        .address(scratch.order())
        .address(scratch.starts())
        .address(scratch.itemStarts())
        .address(scratch.itemGroups());
    scratch.addScreened(arguments, findsSecond(dimension));
    arguments
        .int32(centroids.groups())
        .int32(scratch.itemRows())
        .int32(shape.tileRows())
        .int32(shape.rowStride())
        .int32(split.high())
        .int32(split.low());
    addResults(arguments, rows, countMoved);
    totals.addTo(arguments);
    scratch.addUndecided(arguments, scratch.collectCount());
    scratch.addCandidates(arguments, rows.count());
    scratch.addMoves(arguments, totals.onlyMoved());
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
    addRows(score, rows, centroids);
    centroids.addTo(score);
    score.next().address(scratch.undecidedRows());
    scratch.addCandidates(score, rows.count());
    scratch.addDecisions(score);
    work.launch(KernelCatalog.of("SCORE_CANDIDATES", rows.type()), grid, THREADS, 0, score);
    KernelArguments pick = new KernelArguments();
    scratch.addCandidates(pick, rows.count());
    scratch.addDecisions(pick);
    work.launch(KernelCatalog.PICK_CANDIDATES, grid, THREADS, 0, pick);
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

  private void resolve(
      RowSlice rows, DeviceCentroids centroids, DeviceTotals totals, boolean countMoved) {
    ElementType type = rows.type();
    int multiprocessors = work.context().multiprocessors();
    KernelArguments tryAll = new KernelArguments();
    addRows(tryAll, rows, centroids);
    centroids.addTo(tryAll);
    tryAll
        .next()
        .address(scratch.undecidedRows())
        .next()
        .address(scratch.exhaustive())
        .next()
        .address(scratch.exhaustiveCount());
    scratch.addDecisions(tryAll);
    work.launch(
        KernelCatalog.of("TRY_ALL_CENTROIDS", type), 2 * multiprocessors, THREADS, 0, tryAll);
    KernelArguments settle = new KernelArguments();
    addRows(settle, rows, centroids);
    settle.next().address(scratch.undecidedRows()).next().address(scratch.undecidedCount());
    scratch.addDecisions(settle);
    addResults(settle, rows, countMoved);
    totals.addTo(settle);
    scratch.addMoves(settle, totals.onlyMoved());
    work.launch(KernelCatalog.of("SETTLE_ROWS", type), 8 * multiprocessors, THREADS, 0, settle);
    if (totals.onlyMoved()) {
      KernelArguments move = new KernelArguments();
      addRows(move, rows, centroids);
      scratch.addMoves(move, true);
      move.next().address(rows.assignments());
      totals.addTo(move, true);
      work.launch(KernelCatalog.of("MOVE_ROWS", type), 8 * multiprocessors, THREADS, 0, move);
    }
  }

  /** The struct ChunkRows of decide.cuh. */
  private static void addRows(KernelArguments arguments, RowSlice rows, DeviceCentroids centroids) {
    double scale = centroids.frame().scale();
    arguments
        .next()
        .address(rows.rows())
        .address(rows.weights())
        .address(centroids.shift())
        .float32(centroids.frame().scale())
        .int32(centroids.centroids().dimension())
        .float64(scale * scale)
        .int32(rows.count())
        .int32(rows.rowWords());
  }

  private static void addResults(KernelArguments arguments, RowSlice rows, boolean countMoved) {
    arguments
        .next()
        .address(rows.assignments())
        .address(rows.distances())
        .address(countMoved ? rows.assignments() : 0)
        .int32(0);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
