package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;

/**
 * Centroids on the device as the kernels want them, in one frame: padded float32, half norms,
 * float16 tile images, bounds (prepare_centroids.cu).
 */
final class DeviceCentroids implements AutoCloseable {
  private final Centroids centroids;
  private final ScreenFrame frame;
  private final DeviceBuffer shift;
  private final DeviceBuffer padded;
  private final DeviceBuffer halfNorms;
  private final DeviceBuffer images;
  private final DeviceBuffer bounds;
  private final DeviceBuffer rowNorms;

  /**
   * Queues the preparation on the engine's compute stream.
   *
   * @param rowNorms the frame's struct RowNorms of layout.cuh, not owned
   */
  DeviceCentroids(Centroids centroids, ScreenFrame frame, DeviceBuffer rowNorms, DeviceWork work) {
    this.centroids = centroids;
    this.frame = frame;
    this.rowNorms = rowNorms;
    int k = centroids.k();
    int dimension = centroids.dimension();
    long paddedK = (long) KernelShapes.tiles(k) * KernelShapes.TILE_CENTROIDS;
    DeviceMemory memory = work.memory();
    this.shift = memory.allocate(frame.shift().length * 4L);
    this.padded = memory.allocate(paddedK * KernelShapes.paddedDimension(dimension) * 4);
    this.halfNorms = memory.allocate(paddedK * 4);
    this.images =
        memory.allocate(
            (long) KernelShapes.tiles(k)
                * KernelShapes.slices(dimension)
                * KernelShapes.SLICE_BYTES);
    this.bounds = memory.allocate(16);
    try (DeviceBuffer raw = memory.allocate(centroids.values().length * 4L)) {
      work.upload(frame.shift(), shift);
      work.upload(centroids.values(), raw);
      images.zero(work.stream());
      bounds.zero(work.stream());
      KernelArguments arguments =
          new KernelArguments()
              .next()
              .address(raw)
              .next()
              .address(shift)
              .next()
              .float32(frame.scale())
              .next()
              .int32(k)
              .next()
              .int32(dimension)
              .next()
              .address(padded)
              .next()
              .address(halfNorms)
              .next()
              .address(images)
              .next()
              .address(bounds)
              .next()
              .address(rowNorms);
      int threads = 256;
      int grid = KernelShapes.ceilDiv(paddedK * 32, threads);
      work.launch(KernelCatalog.PREPARE_CENTROIDS, grid, threads, 0, arguments);
      // The raw copy is freed here, so the kernel must be done with it.
      work.stream().synchronize();
    }
  }

  Centroids centroids() {
    return centroids;
  }

  ScreenFrame frame() {
    return frame;
  }

  DeviceBuffer shift() {
    return shift;
  }

  DeviceBuffer images() {
    return images;
  }

  DeviceBuffer halfNorms() {
    return halfNorms;
  }

  int tiles() {
    return KernelShapes.tiles(centroids.k());
  }

  int groups() {
    return tiles() * KernelShapes.GROUPS_PER_TILE;
  }

  /** The struct CentroidSet of decide.cuh. */
  void addTo(KernelArguments arguments) {
    arguments
        .next()
        .address(padded)
        .address(images)
        .address(halfNorms)
        .address(bounds)
        .address(rowNorms)
        .int32(centroids.k())
        .int32(centroids.dimension());
  }

  @Override
  public void close() {
    shift.close();
    padded.close();
    halfNorms.close();
    images.close();
    bounds.close();
  }
}
