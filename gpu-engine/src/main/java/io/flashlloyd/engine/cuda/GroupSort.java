package io.flashlloyd.engine.cuda;

import java.util.function.Consumer;

/** Queues the kernels of group_sort.cu: rows in the order of their groups, and work items. */
final class GroupSort {
  private static final int SORT_THREADS = 512;
  private static final int SCAN_THREADS = 1024;
  private static final int LIST_THREADS = 256;
  private static final int ROWS_OF_CTA = 2048;

  /** The struct SortShared. */
  private static final int PLACE_BYTES = 94_208;

  private GroupSort() {}

  /**
   * Sorts what the screen left in {@code scratch}.
   *
   * @param groups all groups that rows may be in
   * @param decided those of them, the first, whose rows become work items
   * @param place the kernel that puts rows in their places
   * @param facts adds what that kernel knows rows by
   */
  static void run(
      DeviceWork work,
      RowScratch scratch,
      int rows,
      int groups,
      int decided,
      KernelCatalog place,
      Consumer<KernelArguments> facts) {
    int grid =
        Math.min(2 * work.context().multiprocessors(), KernelShapes.ceilDiv(rows, ROWS_OF_CTA));
    work.launch(
        KernelCatalog.COUNT_GROUPS,
        grid,
        SORT_THREADS,
        0,
        keys(scratch, rows, groups).next().address(scratch.groupCounts()));
    work.launch(
        KernelCatalog.SCAN_GROUPS,
        1,
        SCAN_THREADS,
        0,
        new KernelArguments()
            .next()
            .address(scratch.groupCounts())
            .next()
            .int32(groups)
            .next()
            .int32(scratch.itemRows())
            .next()
            .address(scratch.starts())
            .next()
            .address(scratch.itemStarts()));
    KernelArguments arguments = keys(scratch, rows, groups).next();
    facts.accept(arguments);
    arguments.next().address(scratch.groupCounts()).next().address(scratch.order());
    work.launch(place, grid, SORT_THREADS, PLACE_BYTES, arguments);
    work.launch(
        KernelCatalog.LIST_ITEMS,
        KernelShapes.ceilDiv(scratch.items(), LIST_THREADS),
        LIST_THREADS,
        0,
        new KernelArguments()
            .next()
            .address(scratch.itemStarts())
            .next()
            .int32(decided)
            .next()
            .address(scratch.itemGroups()));
  }

  private static KernelArguments keys(RowScratch scratch, int rows, int groups) {
    return new KernelArguments()
        .next()
        .address(scratch.groups())
        .next()
        .int32(rows)
        .next()
        .int32(groups);
  }
}
