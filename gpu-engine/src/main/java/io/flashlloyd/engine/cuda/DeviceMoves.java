package io.flashlloyd.engine.cuda;

/**
 * How far centroids moved between two passes, on the device, and those that moved farthest as the
 * screen wants them (centroid_moves.cu). In one leased buffer; the fastest in another.
 */
final class DeviceMoves implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int RANK_THREADS = 1024;

  /** The struct Moves of bounds.cuh. */
  private static final int RANKED_BYTES = 12 * (1 + DeviceMoves.LEVELS);

  /** More and fewer of the fastest centroids may be left out of a bound: levels, fewest first. */
  static final int LEVELS = 4;

  /**
   * One in so many centroids is among the fastest of a level: more of them leave fewer rows open,
   * but each costs every row that is open for their sake.
   */
  private static final int[] SHARES = {64, 16, 8, 4};

  /** With fewer tiles of centroids, one more to screen is too many. */
  private static final int MIN_TILES = 4;

  private final int[] tiles = new int[LEVELS];
  private final int k;
  private final DeviceMemory memory;
  private final DeviceBuffer arena;
  private final long moves;
  private final long ranked;
  private final long chosen;
  private final DeviceCentroids fastest;
  private final double shrink;

  /**
   * Queues what finds them.
   *
   * @param before [k x dimension] on the device
   */
  DeviceMoves(long before, DeviceCentroids now, DeviceBuffer rowNorms, DeviceWork work) {
    this.k = now.k();
    int dimension = now.dimension();
    for (int level = 0; level < LEVELS; level++) {
      tiles[level] = now.tiles() < MIN_TILES ? 0 : Math.max(1, now.tiles() / SHARES[level]);
    }
    this.shrink = 1 - (dimension + 8) * 0x1p-52;
    this.memory = work.memory();
    ArenaLayout layout = new ArenaLayout();
    this.moves = layout.take(4L * k);
    this.ranked = layout.take(RANKED_BYTES);
    this.chosen = layout.take(4L * fastCount());
    this.arena = memory.lease(layout.bytes());
    work.launch(
        KernelCatalog.CENTROID_MOVES,
        KernelShapes.ceilDiv(k * 32L, THREADS),
        THREADS,
        0,
        new KernelArguments()
            .next()
            .address(before)
            .next()
            .address(now.raw())
            .next()
            .int32(k)
            .next()
            .int32(dimension)
            .next()
            .address(at(moves)));
    KernelArguments rank = new KernelArguments().next().address(at(moves)).next().int32(k).next();
    for (int level = 0; level < LEVELS; level++) {
      rank.int32(tiles[level] * KernelShapes.TILE_CENTROIDS);
    }
    rank.next().address(chosen()).next().address(ranked());
    work.launch(KernelCatalog.RANK_MOVES, 1, RANK_THREADS, 0, rank);
    this.fastest =
        fastCount() == 0
            ? null
            : new DeviceCentroids(
                fastCount(),
                (to, offset) -> gather(now, to.address() + offset, work),
                now.frame(),
                rowNorms,
                work);
  }

  private int fastCount() {
    return tiles[LEVELS - 1] * KernelShapes.TILE_CENTROIDS;
  }

  private void gather(DeviceCentroids now, long to, DeviceWork work) {
    work.launch(
        KernelCatalog.GATHER_FASTEST,
        4 * work.context().multiprocessors(),
        THREADS,
        0,
        new KernelArguments()
            .next()
            .address(now.raw())
            .next()
            .address(chosen())
            .next()
            .int32(fastCount())
            .next()
            .int32(now.dimension())
            .next()
            .address(to));
  }

  private long at(long offset) {
    return arena.address() + offset;
  }

  /** The struct Moves of bounds.cuh. */
  long ranked() {
    return at(ranked);
  }

  /** Which centroids are the fastest. */
  long chosen() {
    return at(chosen);
  }

  /** Tiles of the fastest that are left out of a level's bounds; none where there are too few. */
  int tiles(int level) {
    return tiles[level];
  }

  /** What a row that is screened against these costs, of one that is screened against all. */
  float share(int level) {
    return (float) tiles[level] * KernelShapes.TILE_CENTROIDS / k;
  }

  /** The fastest, prepared; null where there are too few of all. */
  DeviceCentroids fastest() {
    return fastest;
  }

  /** What a bound's square is multiplied with before it is compared with a canonical distance. */
  double shrink() {
    return shrink;
  }

  @Override
  public void close() {
    memory.giveBack(arena);
    if (fastest != null) {
      fastest.close();
    }
  }
}
