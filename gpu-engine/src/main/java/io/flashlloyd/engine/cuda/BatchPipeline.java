package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.StageSeconds;
import io.flashlloyd.engine.Sums;

/**
 * Queues the kernels that take a batch of clusterings to assignments and totals: the stages of
 * {@link AssignPipeline}, each one launch for all. There is no second screen: rows in question
 * outside their two best octets try all their own centroids.
 */
final class BatchPipeline {
  private static final int PORTABLE_STAGES = 3;
  private static final int PORTABLE_THREADS = 128;
  private static final int PORTABLE_ROWS = 128;
  private static final int THREADS = 256;

  /** Octets that are work items enough, so that they need not be cut into smaller ones. */
  private static final int MANY_OCTETS = 2048;

  private final DeviceWork work;
  private final RowScratch scratch;
  private final boolean hopper;
  private final ScreenForm form;
  private final BatchTables tables;
  private final BatchMember.Kind kind;

  /**
   * @param scratch of the engine; the stream runs its users one after the other
   * @param hopper whether the screen is the one that holds rows in registers
   * @param form how it reads rows
   */
  BatchPipeline(
      DeviceWork work, RowScratch scratch, boolean hopper, ScreenForm form, BatchTables tables) {
    this.work = work;
    this.scratch = scratch;
    this.hopper = hopper;
    this.form = form;
    this.tables = tables;
    this.kind = tables.kind();
  }

  /** Queues everything; {@code times} takes the device time of each stage. */
  void run(StageTimes times) {
    DeviceStream stream = work.stream();
    int itemRows = tables.octets() >= MANY_OCTETS ? RowScratch.LARGE_ITEM : RowScratch.SMALL_ITEM;
    scratch.reserve(tables.places(), tables.octets() + 1, itemRows, 0, work);
    times.start(stream);
    prepare();
    screen();
    times.stage(StageSeconds.SCREEN, stream);
    sort();
    times.stage(StageSeconds.SORT, stream);
    decide();
    times.stage(StageSeconds.REFINE_AND_SUM, stream);
    resolve();
    times.stage(StageSeconds.REFINE, stream);
  }

  private void prepare() {
    KernelArguments arguments = new KernelArguments();
    tables.addTo(arguments);
    arguments
        .next()
        .int32(kind.dimension())
        .next()
        .address(tables.padded())
        .next()
        .address(tables.halfNorms())
        .next()
        .address(tables.images());
    int grid = KernelShapes.ceilDiv(tables.clusters() * 32L, THREADS);
    work.launch(KernelCatalog.PREPARE_CENTROIDS_MANY, grid, THREADS, 0, arguments);
  }

  private void screen() {
    int multiprocessors = work.context().multiprocessors();
    KernelArguments arguments = new KernelArguments();
    tables.addTo(arguments);
    arguments.next().int32(form.stride(kind.type(), kind.dimension()));
    if (hopper) {
      arguments.next().int32(form.rowKind(kind.type()));
    }
    arguments.next().address(tables.images()).next().address(tables.halfNorms());
    if (!hopper) {
      arguments.next().int32(KernelShapes.slices(kind.dimension()));
    }
    scratch.addScreened(arguments.next(), ScreenFinding.OCTETS);
    if (hopper) {
      HopperShape shape = HopperShape.of(kind.dimension());
      work.launch(
          KernelCatalog.hopperScreen("MANY", shape.kSteps()),
          Math.min(multiprocessors, tables.places() / HopperShape.ROWS),
          HopperShape.THREADS,
          shape.sharedBytes(),
          arguments);
    } else {
      work.launch(
          KernelCatalog.SCREEN_PORTABLE_MANY,
          Math.min(2 * multiprocessors, tables.places() / PORTABLE_ROWS),
          PORTABLE_THREADS,
          PORTABLE_STAGES * KernelShapes.SLICE_BYTES,
          arguments);
    }
  }

  private void sort() {
    OctetSort.run(
        work,
        scratch,
        RowList.every(tables.places()),
        tables.octets() + 1,
        tables.octets(),
        KernelCatalog.PLACE_ROWS_MANY,
        facts -> {
          facts.address(scratch.seconds());
          tables.addFields(facts);
        });
  }

  private void decide() {
    DecideShape shape =
        DecideShape.of(
            KernelShapes.rowBytes(kind.dimension(), kind.type()),
            kind.dimension(),
            kind.fast(),
            work.context().sharedMemory());
    KernelArguments arguments = new KernelArguments();
    addRows(arguments);
    addCentroids(arguments);
    arguments
        .next()
        .address(scratch.order())
        .address(scratch.starts())
        .address(scratch.itemStarts())
        .address(scratch.itemOctets());
    scratch.addScreened(arguments, ScreenFinding.OCTETS);
    arguments
        .int32(tables.octets())
        .int32(scratch.itemRows())
        .int32(shape.tileRows())
        .int32(shape.rowStride())
        .int32(0)
        .int32(0)
        .int32(0);
    addResults(arguments);
    tables.addTotals(arguments);
    scratch.addUndecided(arguments, 0);
    scratch.addCandidates(arguments, tables.places());
    tables.addTo(arguments);
    String family =
        !kind.fast()
            ? "DECIDE_AND_SUM_MANY_GENERAL"
            : tables.has(Sums.ALL) ? "DECIDE_AND_SUM_MANY" : "DECIDE_MANY";
    work.launch(
        KernelCatalog.of(family, kind.type()),
        scratch.items(),
        DecideShape.THREADS,
        shape.sharedBytes(),
        arguments);
  }

  private void resolve() {
    ElementType type = kind.type();
    int multiprocessors = work.context().multiprocessors();
    KernelArguments score = new KernelArguments();
    addRows(score);
    addCentroids(score);
    score.next().address(scratch.undecidedRows());
    scratch.addCandidates(score, tables.places());
    scratch.addDecisions(score);
    tables.addTo(score);
    work.launch(
        KernelCatalog.of("SCORE_CANDIDATES_MANY", type), 4 * multiprocessors, THREADS, 0, score);
    KernelArguments tryAll = new KernelArguments();
    addRows(tryAll);
    addCentroids(tryAll);
    tryAll.next().address(scratch.undecidedRows());
    scratch.addCandidates(tryAll, tables.places());
    scratch.addDecisions(tryAll);
    tables.addTo(tryAll);
    work.launch(
        KernelCatalog.of("TRY_ALL_CENTROIDS_MANY", type), 4 * multiprocessors, THREADS, 0, tryAll);
    KernelArguments settle = new KernelArguments();
    addRows(settle);
    settle.next().address(scratch.undecidedRows()).next().address(scratch.undecidedCount());
    scratch.addDecisions(settle);
    addResults(settle);
    tables.addTotals(settle);
    tables.addTo(settle);
    work.launch(
        KernelCatalog.of("SETTLE_ROWS_MANY", type), 8 * multiprocessors, THREADS, 0, settle);
    KernelArguments publish = new KernelArguments().next().address(scratch.nearest());
    scratch.addMoves(publish, true);
    publish.next().address(tables.moved());
    tables.addTo(publish);
    work.launch(
        KernelCatalog.PUBLISH_ROWS_MANY,
        tables.places() / BatchTables.PLACES_PER_TILE,
        BatchTables.PLACES_PER_TILE,
        0,
        publish);
    if (tables.has(Sums.MOVED)) {
      KernelArguments move = new KernelArguments();
      addRows(move);
      scratch.addMoves(move, true);
      tables.addTotals(move);
      tables.addTo(move);
      work.launch(KernelCatalog.of("MOVE_ROWS_MANY", type), 8 * multiprocessors, THREADS, 0, move);
    }
    KernelArguments collect = new KernelArguments();
    tables.addTotals(collect);
    tables.addTo(collect);
    collect.next().int32(kind.dimension());
    int grid =
        Math.min(16 * multiprocessors, KernelShapes.ceilDiv(tables.clusters() * 32L, THREADS));
    work.launch(KernelCatalog.COLLECT_TOTALS, grid, THREADS, 0, collect);
  }

  /** The struct ChunkRows of decide.cuh, of which each member has its own addresses. */
  private void addRows(KernelArguments arguments) {
    arguments
        .next()
        .address(0)
        .address(0)
        .address(0)
        .float32(0)
        .int32(kind.dimension())
        .float64(0)
        .int32(tables.places())
        .int32(KernelShapes.rowBytes(kind.dimension(), kind.type()) / 4);
  }

  /** The struct CentroidSet of decide.cuh: of all members, but bounds and norms are each one's. */
  private void addCentroids(KernelArguments arguments) {
    arguments
        .next()
        .address(tables.padded())
        .address(tables.images())
        .address(tables.halfNorms())
        .address(0)
        .address(0)
        .int32(tables.clusters())
        .int32(kind.dimension());
  }

  /** The struct RowResults of decide.cuh; distances are each member's own. */
  private void addResults(KernelArguments arguments) {
    arguments.next().address(scratch.nearest()).address(0);
  }
}
