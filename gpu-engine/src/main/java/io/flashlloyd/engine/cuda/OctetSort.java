package io.flashlloyd.engine.cuda;

import java.util.function.Consumer;

/** Queues the kernels of group_sort.cu: rows in the order of their octets, and work items. */
final class OctetSort {
  /** Up to so many octets, kTiledGroups of group_sort.cu, its CTAs count their rows once. */
  private static final int TILED_OCTETS = 1024;

  private static final int SORT_THREADS = 512;
  private static final int SCAN_THREADS = 1024;
  private static final int ROWS_OF_CTA = 2048;

  /** The struct SortShared. */
  private static final int PLACE_BYTES = 94_208;

  private OctetSort() {}

  /**
   * Sorts what the screen left in {@code scratch}.
   *
   * @param rows which of them
   * @param octets all octets that rows may be in
   * @param decided those of them, the first, whose rows become work items
   * @param place the kernel that puts rows in their places
   * @param facts adds what that kernel knows rows by
   */
  static void run(
      DeviceWork work,
      RowScratch scratch,
      RowList rows,
      int octets,
      int decided,
      KernelCatalog place,
      Consumer<KernelArguments> facts) {
    int grid = Math.min(mostCtas(work), KernelShapes.ceilDiv(rows.n(), ROWS_OF_CTA));
    work.launch(
        KernelCatalog.COUNT_GROUPS,
        grid,
        SORT_THREADS,
        0,
        keys(scratch, rows, octets)
            .next()
            .address(scratch.octetCounts())
            .next()
            .address(scratch.ctaCounts()));
    work.launch(
        KernelCatalog.SCAN_GROUPS,
        1,
        SCAN_THREADS,
        0,
        new KernelArguments()
            .next()
            .address(scratch.octetCounts())
            .next()
            .int32(octets)
            .next()
            .int32(scratch.itemRows())
            .next()
            .address(scratch.starts())
            .next()
            .address(scratch.itemStarts()));
    KernelArguments arguments = keys(scratch, rows, octets).next();
    facts.accept(arguments);
    arguments
        .next()
        .address(scratch.ctaCounts())
        .next()
        .address(scratch.octetCounts())
        .next()
        .address(scratch.order());
    arguments.next().address(scratch.itemStarts()).int32(decided).address(scratch.itemOctets());
    work.launch(place, grid, SORT_THREADS, PLACE_BYTES, arguments);
  }

  private static int mostCtas(DeviceWork work) {
    return 2 * work.context().multiprocessors();
  }

  /** Of what the kernel that counts tells the one that places. */
  static long ctaCountBytes(int octets, DeviceWork work) {
    return octets <= TILED_OCTETS ? 4L * mostCtas(work) * octets : 0;
  }

  private static KernelArguments keys(RowScratch scratch, RowList rows, int octets) {
    KernelArguments arguments = new KernelArguments().next().address(scratch.nearest());
    rows.addTo(arguments.next());
    return arguments.next().int32(octets);
  }
}
