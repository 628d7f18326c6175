package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.HostRows;

/**
 * What the engine keeps about a chunk: always its last assignments and, of iterations, bounds (8
 * bytes a row), and where they fit the device tier, its rows and their float16 screen copy. Guarded
 * by the engine's lock.
 */
final class DeviceChunk implements AutoCloseable {
  final long id;
  final ElementType type;
  final int count;
  final int dimension;
  final boolean weighted;

  /** What the screen reads. */
  final ScreenForm form;

  /** Assignments of every row against {@link #assignedTo}; meaningless while that is null. */
  final DeviceBuffer assignments;

  Centroids assignedTo;

  /** [count] bounds of the assignments (bounds.cuh), or null before a pass that keeps them. */
  DeviceBuffer bounds;

  /** Whether {@link #bounds} are of {@link #assignedTo}. */
  boolean bounded;

  /** [count x rowBytes] padded rows, or null where the rows come over the bus in every pass. */
  DeviceBuffer rows;

  /** Whether the resident rows have been brought. */
  boolean loaded;

  /** Whether somebody brings them now without the engine's lock: they must stay. */
  boolean arriving;

  DeviceBuffer weights;

  /** Of the rows that stay; empty where none do. */
  final RowCopies copies = new RowCopies();

  /** The frame of passes that gather this chunk with others', and ... */
  ScreenFrame ownFrame;

  /** ... what is known of the rows in it, struct RowNorms of layout.cuh; null before the first. */
  DeviceBuffer ownNorms;

  long lastUse;

  DeviceChunk(long id, HostRows host, ScreenForm form, DeviceMemory memory) {
    this.id = id;
    this.type = host.type();
    this.count = host.rows();
    this.dimension = host.dimension();
    this.form = form;
    this.weighted = host.weights() != null;
    this.assignments = memory.allocate(4L * count);
  }

  boolean matches(HostRows host) {
    return host.type() == type
        && host.rows() == count
        && host.dimension() == dimension
        && (host.weights() != null) == weighted;
  }

  long imageBytes() {
    return imageBytes(count, dimension);
  }

  private static long imageBytes(int rows, int dimension) {
    return (long) KernelShapes.imagePaddedRows(rows)
        * KernelShapes.slices(dimension)
        * KernelShapes.SLICE_COLUMNS
        * 2;
  }

  /** Bytes of the device tier that this takes when resident. */
  long tierBytes() {
    return tierBytes(count, dimension, type, form) + (weighted ? 8L * count : 0);
  }

  /** Bytes of the device tier that so many unweighted rows take: themselves, norms and copies. */
  static long tierBytes(int rows, int dimension, ElementType type, ScreenForm form) {
    long row = KernelShapes.rowBytes(dimension, type) + 4;
    row += form.copied() ? KernelShapes.screenStride(dimension) * 2 + 4 : 0;
    return rows * row + (form.imaged() ? imageBytes(rows, dimension) : 0);
  }

  /** Takes the memory that rows and copies need to stay: all of it or, by throwing, none. */
  void reserve(DeviceMemory memory) {
    try {
      copies.norms = memory.allocate(4L * count);
      if (form.copied()) {
        copies.screen = memory.allocate(2L * count * KernelShapes.screenStride(dimension));
        copies.residuals = memory.allocate(4L * count);
      }
      if (form.imaged()) {
        copies.image = memory.allocate(imageBytes());
      }
      weights = weighted ? memory.allocate(8L * count) : null;
      rows = memory.allocate((long) count * KernelShapes.rowBytes(dimension, type));
    } catch (CudaException e) {
      evict();
      throw e;
    }
  }

  /** Nothing is known of the assignments: they are about to be written. */
  void forgetAssignments() {
    assignedTo = null;
    bounded = false;
  }

  /** Drops rows and copies; the next pass brings them again. */
  void evict() {
    close(rows);
    close(weights);
    rows = null;
    weights = null;
    loaded = false;
    copies.close();
  }

  private static void close(DeviceBuffer buffer) {
    if (buffer != null) {
      buffer.close();
    }
  }

  @Override
  public void close() {
    evict();
    close(ownNorms);
    close(bounds);
    assignments.close();
  }
}
