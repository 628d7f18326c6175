package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * Queues the screens: which of them runs for which rows, and with what. There are four for whole
 * rows: on Hopper one that names centroids, one of octets with rows in registers and one for wider
 * rows; and the portable one. Those with rows in registers, and the portable one, can also collect
 * the candidates of listed rows.
 */
final class ScreenStage {
  static final int HOPPER = 90;

  /** The tensor cores' float16 mma begins here; older cards decide every row exhaustively. */
  private static final int FIRST_CAPABILITY = 80;

  private static final int WIDE_STAGES = 4;
  private static final int WIDE_ROWS = 256;
  private static final int WIDE_THREADS = 384;
  private static final int PORTABLE_ROWS = 128;
  private static final int PORTABLE_STAGES = 3;
  private static final int PORTABLE_THREADS = 128;
  private static final int THREADS = 256;

  /** Where rows are listed, images of one in so many fit the scratch memory. */
  private static final int STRETCHES = 4;

  private final DeviceWork work;
  private final RowScratch scratch;
  private final ScreenChoice choice;

  ScreenStage(DeviceWork work, RowScratch scratch, ScreenChoice choice) {
    this.work = work;
    this.scratch = scratch;
    this.choice = choice;
  }

  /** Whether there is a screen; without, every row tries every centroid. */
  boolean screens() {
    return choice != ScreenChoice.NONE && work.context().capability() >= FIRST_CAPABILITY;
  }

  private boolean onHopper() {
    return choice == ScreenChoice.BEST && work.context().capability() == HOPPER;
  }

  /** Whether the screen that holds rows in registers takes this dimension. */
  boolean inRegisters(int dimension) {
    return onHopper() && dimension <= HopperShape.MAX_DIMENSION;
  }

  private boolean readsImages(int dimension) {
    return onHopper() && !inRegisters(dimension);
  }

  /** How the screen reads rows of this type and dimension. */
  ScreenForm form(ElementType type, int dimension) {
    return ScreenForm.of(type, inRegisters(dimension), readsImages(dimension));
  }

  /**
   * What it finds for a pass.
   *
   * @param onlyAssigned whether rows are neither measured nor counted
   */
  ScreenFinding finds(int dimension, boolean onlyAssigned) {
    if (!inRegisters(dimension) || !HopperShape.canName(dimension)) {
      return ScreenFinding.OCTETS;
    }
    return onlyAssigned ? ScreenFinding.NEAREST_AND_SCORE : ScreenFinding.NEAREST;
  }

  /** Bytes for images of some of the listed rows of so many, where the screen reads images. */
  long gatheredBytes(int rows, int dimension) {
    return readsImages(dimension)
        ? (long) stretchRows(rows) * KernelShapes.slices(dimension) * KernelShapes.SLICE_COLUMNS * 2
        : 0;
  }

  private static int stretchRows(int rows) {
    return KernelShapes.imagePaddedRows(KernelShapes.ceilDiv(rows, STRETCHES));
  }

  /**
   * A screen, ready to be queued.
   *
   * @param which of the rows
   * @param tiles of the centroids, the first
   * @param scores whether the best scores are asked for
   */
  Runnable of(
      RowSlice rows,
      RowList which,
      DeviceCentroids centroids,
      int tiles,
      ScreenFinding found,
      boolean scores) {
    int dimension = centroids.dimension();
    if (readsImages(dimension)) {
      return wide(rows, which, centroids, tiles, scores);
    }
    KernelArguments arguments = new KernelArguments();
    addRows(arguments, rows, dimension, which);
    arguments
        .next()
        .address(centroids.images())
        .next()
        .address(found == ScreenFinding.OCTETS ? centroids.halfNorms() : centroids.starts())
        .next()
        .int32(tiles);
    int multiprocessors = work.context().multiprocessors();
    if (inRegisters(dimension)) {
      if (found != ScreenFinding.OCTETS) {
        arguments.next().address(centroids.bounds());
      }
      scratch.addScreened(arguments.next(), found, scores);
      HopperShape shape = HopperShape.of(dimension);
      KernelCatalog kernel =
          KernelCatalog.hopperScreen(
              found == ScreenFinding.OCTETS ? "GROUPS" : "NEAREST", shape.kSteps());
      int grid = Math.min(multiprocessors, KernelShapes.ceilDiv(rows.count(), HopperShape.ROWS));
      return () -> work.launch(kernel, grid, HopperShape.THREADS, shape.sharedBytes(), arguments);
    }
    arguments.next().int32(KernelShapes.slices(dimension));
    scratch.addScreened(arguments.next(), found, scores);
    int grid = Math.min(2 * multiprocessors, KernelShapes.ceilDiv(rows.count(), PORTABLE_ROWS));
    return () -> launchPortable(KernelCatalog.SCREEN_PORTABLE_BEST, grid, arguments);
  }

  /** Queues the screen that collects the candidates of the rows that are listed for it. */
  void collect(RowSlice rows, DeviceCentroids centroids) {
    int dimension = centroids.dimension();
    KernelArguments arguments = new KernelArguments();
    RowList which = new RowList(rows.count(), scratch.collectRows(), scratch.collectCount());
    addRows(arguments, rows, dimension, which);
    arguments
        .next()
        .address(centroids.images())
        .next()
        .address(centroids.halfNorms())
        .next()
        .int32(centroids.tiles());
    if (!inRegisters(dimension)) {
      arguments.next().int32(KernelShapes.slices(dimension));
    }
    scratch.addCollected(arguments);
    scratch.addCandidates(arguments, rows.count());
    int multiprocessors = work.context().multiprocessors();
    if (inRegisters(dimension)) {
      HopperShape shape = HopperShape.of(dimension);
      work.launch(
          KernelCatalog.hopperScreen("COLLECT", shape.kSteps()),
          multiprocessors,
          HopperShape.THREADS,
          shape.sharedBytes(),
          arguments);
    } else {
      launchPortable(KernelCatalog.SCREEN_PORTABLE_COLLECT, 2 * multiprocessors, arguments);
    }
  }

  private void launchPortable(KernelCatalog kernel, int grid, KernelArguments arguments) {
    int sharedBytes = PORTABLE_STAGES * KernelShapes.SLICE_BYTES;
    work.launch(kernel, grid, PORTABLE_THREADS, sharedBytes, arguments);
  }

  /** The struct ScreenRows of screen.cuh. */
  private void addRows(KernelArguments arguments, RowSlice rows, int dimension, RowList which) {
    arguments
        .next()
        .address(rows.screen())
        .int32(rows.screenStride())
        .int32(form(rows.type(), dimension).rowKind(rows.type()));
    which.addTo(arguments);
  }

  /** Listed rows are more than images can be made of at a time: stretch by stretch. */
  private Runnable wide(
      RowSlice rows, RowList which, DeviceCentroids centroids, int tiles, boolean scores) {
    if (!which.listed()) {
      return stretch(rows, which, 0, rows.count(), centroids, tiles, scores);
    }
    int most = stretchRows(rows.count());
    List<Runnable> launches = new ArrayList<>();
    for (int first = 0; first < rows.count(); first += most) {
      launches.add(stretch(rows, which, first, most, centroids, tiles, scores));
    }
    return () -> launches.forEach(Runnable::run);
  }

  private Runnable stretch(
      RowSlice rows,
      RowList which,
      int first,
      int most,
      DeviceCentroids centroids,
      int tiles,
      boolean scores) {
    int slices = KernelShapes.slices(centroids.dimension());
    KernelArguments gather =
        new KernelArguments().next().address(rows.screen()).next().int32(rows.screenStride() / 2);
    addWideRows(gather, rows.image(), which, first, most);
    gather.next().int32(slices).next().address(scratch.gathered());
    KernelArguments arguments = new KernelArguments();
    addWideRows(arguments, rows.image(), which, first, most);
    arguments
        .next()
        .address(centroids.images())
        .next()
        .address(centroids.halfNorms())
        .next()
        .int32(tiles)
        .next()
        .int32(slices);
    scratch.addHalves(arguments, rows.count());
    KernelArguments merge = new KernelArguments();
    scratch.addHalves(merge, rows.count());
    addWideRows(merge, rows.image(), which, first, most);
    scratch.addScreened(merge.next(), ScreenFinding.OCTETS, scores);
    int multiprocessors = work.context().multiprocessors();
    int pairs = Math.min(multiprocessors / 2, KernelShapes.ceilDiv(rows.count(), WIDE_ROWS));
    return () -> {
      if (which.listed()) {
        work.launch(KernelCatalog.IMAGE_ROWS, 16 * multiprocessors, THREADS, 0, gather);
      }
      work.launch(
          KernelCatalog.SCREEN_WIDE_SM90,
          2 * pairs,
          WIDE_THREADS,
          WIDE_STAGES * 3 * KernelShapes.SLICE_BYTES,
          arguments);
      int grid = KernelShapes.ceilDiv(most, THREADS);
      work.launch(KernelCatalog.MERGE_HALVES, grid, THREADS, 0, merge);
    };
  }

  /** The struct WideRows of screen_wide_sm90.cu. */
  private void addWideRows(
      KernelArguments arguments, long images, RowList which, int first, int most) {
    which.addTo(arguments.next());
    arguments
        .address(images)
        .address(which.listed() ? scratch.gathered() : 0)
        .int32(first)
        .int32(most);
  }
}
