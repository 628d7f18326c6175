package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import java.util.function.ObjLongConsumer;

/**
 * Centroids on the device as the kernels want them, in one frame: padded float32, half norms,
 * float16 tile images, bounds, starts and doubts (prepare_centroids.cu). All in one leased buffer.
 */
final class DeviceCentroids implements AutoCloseable {
  private static final int THREADS = 256;

  /** The struct CentroidBounds of layout.cuh. */
  static final int BOUNDS_BYTES = 28;

  private final int k;
  private final int dimension;
  private final ScreenFrame frame;
  private final DeviceBuffer rowNorms;
  private final DeviceMemory memory;
  private final DeviceBuffer arena;
  private final long raw;
  private final long shift;
  private final long padded;
  private final long halfNorms;
  private final long starts;
  private final long doubts;
  private final long bounds;
  private final long images;

  /**
   * Queues the preparation on the engine's compute stream.
   *
   * @param rowNorms the frame's struct RowNorms of layout.cuh, not owned
   */
  DeviceCentroids(Centroids centroids, ScreenFrame frame, DeviceBuffer rowNorms, DeviceWork work) {
    this(
        centroids.k(),
        (arena, raw) -> work.upload(centroids.values(), arena, raw),
        frame,
        rowNorms,
        work);
  }

  /**
   * The same of centroids that are on the device.
   *
   * @param bring queues what writes [k x dimension] of them to an offset of a buffer
   */
  DeviceCentroids(
      int k,
      ObjLongConsumer<DeviceBuffer> bring,
      ScreenFrame frame,
      DeviceBuffer rowNorms,
      DeviceWork work) {
    this.k = k;
    this.dimension = frame.dimension();
    this.frame = frame;
    this.rowNorms = rowNorms;
    this.memory = work.memory();
    long paddedK = (long) tiles() * KernelShapes.TILE_CENTROIDS;
    long imageBytes = (long) tiles() * KernelShapes.slices(dimension) * KernelShapes.SLICE_BYTES;
    ArenaLayout layout = new ArenaLayout();
    this.raw = layout.take(4L * k * dimension);
    this.shift = layout.take(frame.shift().length * 4L);
    this.padded = layout.take(paddedK * KernelShapes.paddedDimension(dimension) * 4);
    this.halfNorms = layout.take(paddedK * 4);
    this.starts = layout.take(paddedK * 4);
    this.doubts = layout.take(paddedK * 4);
    this.bounds = layout.take(BOUNDS_BYTES);
    this.images = layout.take(imageBytes);
    this.arena = memory.lease(layout.bytes());
    bring.accept(arena, raw);
    work.upload(frame.shift(), arena, shift);
    // Padding is zero: an image that has any, and the bounds before it, which grow from zero.
    arena.fill(bounds, layout.bytes() - bounds, 0, work.stream());
    int grid = KernelShapes.ceilDiv(paddedK * 32, THREADS);
    work.launch(KernelCatalog.NORM_RANGE, grid, THREADS, 0, addRaw().next().address(at(bounds)));
    work.launch(
        KernelCatalog.PREPARE_CENTROIDS,
        grid,
        THREADS,
        0,
        addRaw()
            .next()
            .address(at(padded))
            .address(at(halfNorms))
            .address(at(images))
            .address(at(bounds))
            .address(at(starts))
            .address(at(doubts))
            .next()
            .address(rowNorms));
  }

  /** The centroids as they came, and their frame. */
  private KernelArguments addRaw() {
    return new KernelArguments()
        .next()
        .address(at(raw))
        .next()
        .address(at(shift))
        .next()
        .float32(frame.scale())
        .next()
        .int32(k)
        .next()
        .int32(dimension);
  }

  private long at(long offset) {
    return arena.address() + offset;
  }

  int k() {
    return k;
  }

  int dimension() {
    return dimension;
  }

  /** [k x dimension] as they came. */
  long raw() {
    return at(raw);
  }

  ScreenFrame frame() {
    return frame;
  }

  /** The same, to the beginning of a buffer. */
  void copyTo(DeviceBuffer buffer, DeviceStream stream) {
    arena.copyTo(buffer, raw, 4L * k * dimension, stream);
  }

  long shift() {
    return at(shift);
  }

  long images() {
    return at(images);
  }

  /** [tiles x 128 x padded dimension] float32. */
  long padded() {
    return at(padded);
  }

  long halfNorms() {
    return at(halfNorms);
  }

  /** What the accumulators of the screen that names centroids begin with (layout.cuh). */
  long starts() {
    return at(starts);
  }

  /** How far such a screen's score of each centroid may be above the true one, [tiles x 128]. */
  long doubts() {
    return at(doubts);
  }

  long bounds() {
    return at(bounds);
  }

  int tiles() {
    return KernelShapes.tiles(k);
  }

  int octets() {
    return tiles() * KernelShapes.OCTETS_PER_TILE;
  }

  /** The struct CentroidSet of decide.cuh. */
  void addTo(KernelArguments arguments) {
    arguments
        .next()
        .address(at(padded))
        .address(at(images))
        .address(at(halfNorms))
        .address(at(bounds))
        .address(rowNorms)
        .int32(k)
        .int32(dimension);
  }

  /** The struct ScreenFrame of error_bound.cuh, as a field or an argument. */
  void addFrame(KernelArguments arguments) {
    double scale = frame.scale();
    arguments.aligned().float32(frame.scale()).int32(dimension).float64(scale * scale);
  }

  @Override
  public void close() {
    memory.giveBack(arena);
  }
}
