package io.flashlloyd.engine.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * Allocates device memory, and where there is too little, drops what is kept only for speed: leases
 * that were given back, then chunks of the device tier. Guarded by the engine's lock.
 */
final class DeviceMemory implements AutoCloseable {
  /** Given back beyond this are freed; a pass needs two, and one iteration's passes are few. */
  private static final int MOST_KEPT = 8;

  /** Larger buffers take the driver a small part of the pass that needs them. */
  private static final long LARGEST_KEPT = 512L << 20;

  private final DeviceContext context;
  private final BooleanSupplier makeRoom;
  private final Deque<DeviceBuffer> kept = new ArrayDeque<>();

  /**
   * @param makeRoom frees something that is only kept for speed; false when there is nothing left
   */
  DeviceMemory(DeviceContext context, BooleanSupplier makeRoom) {
    this.context = context;
    this.makeRoom = makeRoom;
  }

  /** The caller closes it. */
  DeviceBuffer allocate(long bytes) {
    while (true) {
      try {
        return new DeviceBuffer(bytes);
      } catch (CudaException e) {
        if (!e.outOfMemory()) {
          throw e;
        }
        if (!freeKept() && !makeRoom.getAsBoolean()) {
          throw new CudaException(
              e.call(),
              e.resultName(),
              ("%d bytes asked for, %d free on %s, nothing left to drop: feed smaller chunks,"
                      + " fewer centroids or free the device of other programs")
                  .formatted(bytes, context.freeMemory(), context.name()));
        }
      }
    }
  }

  /**
   * A buffer for use on the compute stream only, which runs its users one after the other: what one
   * pass gives back the next takes, without the driver, whose allocations take longer than some
   * passes. The caller gives it back.
   */
  DeviceBuffer lease(long bytes) {
    for (Iterator<DeviceBuffer> all = kept.iterator(); all.hasNext(); ) {
      DeviceBuffer buffer = all.next();
      if (buffer.bytes() == bytes) {
        all.remove();
        return buffer;
      }
    }
    return allocate(bytes);
  }

  /** Ends a lease. */
  void giveBack(DeviceBuffer buffer) {
    if (buffer.bytes() > LARGEST_KEPT) {
      buffer.close();
      return;
    }
    kept.addLast(buffer);
    if (kept.size() > MOST_KEPT) {
      kept.removeFirst().close();
    }
  }

  private boolean freeKept() {
    boolean any = !kept.isEmpty();
    kept.forEach(DeviceBuffer::close);
    kept.clear();
    return any;
  }

  @Override
  public void close() {
    freeKept();
  }
}
