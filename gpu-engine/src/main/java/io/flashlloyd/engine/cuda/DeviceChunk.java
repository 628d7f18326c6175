package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;

/**
 * What the engine keeps about a chunk: always its last assignments (4 bytes a row), and where they
 * fit the device tier, its rows and their float16 screen copy. Guarded by the engine's lock.
 */
final class DeviceChunk implements AutoCloseable {
  final long id;
  final ElementType type;
  final int count;
  final int dimension;
  final boolean weighted;

  /** Whether the screen of this dimension reads tile images. */
  final boolean withImage;

  /** Assignments of every row against {@link #assignedTo}; meaningless while that is null. */
  final DeviceBuffer assignments;

  Centroids assignedTo;

  /** [count x rowBytes] padded rows, or null where the rows come over the bus in every pass. */
  DeviceBuffer rows;

  DeviceBuffer weights;

  /** [count x screenStride] float16 in {@link #frame}, or null. */
  DeviceBuffer screen;

  DeviceBuffer residuals;

  /** Tile images of the screen's rows, or null. */
  DeviceBuffer image;

  ScreenFrame frame;
  long lastUse;

  DeviceChunk(long id, HostRows host, boolean withImage, DeviceMemory memory) {
    this.id = id;
    this.type = host.type();
    this.count = host.rows();
    this.dimension = host.dimension();
    this.withImage = withImage;
    this.weighted = host.weights() != null;
    this.assignments = memory.allocate(4L * count);
  }

  boolean matches(HostRows host) {
    return host.type() == type
        && host.rows() == count
        && host.dimension() == dimension
        && (host.weights() != null) == weighted;
  }

  long rowsBytes() {
    return (long) count * KernelShapes.rowBytes(dimension, type) + (weighted ? 8L * count : 0);
  }

  long screenBytes() {
    return type == ElementType.FLOAT16
        ? 0
        : (long) count * (KernelShapes.screenStride(dimension) * 2 + 4);
  }

  long imageBytes() {
    return (long) KernelShapes.imagePaddedRows(count)
        * KernelShapes.slices(dimension)
        * KernelShapes.SLICE_COLUMNS
        * 2;
  }

  /** Bytes of the device tier that this takes when resident. */
  long tierBytes() {
    return rowsBytes() + screenBytes() + (withImage ? imageBytes() : 0);
  }

  /** Drops rows and copies; the next pass brings them again. */
  void evict() {
    close(rows);
    close(weights);
    close(screen);
    close(residuals);
    close(image);
    rows = null;
    weights = null;
    screen = null;
    residuals = null;
    image = null;
    frame = null;
  }

  private static void close(DeviceBuffer buffer) {
    if (buffer != null) {
      buffer.close();
    }
  }

  @Override
  public void close() {
    evict();
    assignments.close();
  }
}
