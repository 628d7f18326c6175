package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.Centroids;

/**
 * The centroids of the last iteration, which stay on the device: the next one asks how far they
 * moved. Guarded by the engine's lock.
 */
final class RecentCentroids implements AutoCloseable {
  /** Larger ones are brought again. */
  private static final long MOST_BYTES = 256L << 20;

  private final DeviceWork work;
  private Centroids last;
  private DeviceBuffer values;

  RecentCentroids(DeviceWork work) {
    this.work = work;
  }

  /** Keeps a copy of these instead of the last. */
  void remember(Centroids centroids, DeviceCentroids there) {
    long bytes = 4L * centroids.values().length;
    if (centroids == last || bytes > MOST_BYTES) {
      return;
    }
    if (values == null || values.bytes() != bytes) {
      close();
      values = work.memory().lease(bytes);
    }
    there.copyTo(values, work.stream());
    last = centroids;
  }

  /**
   * Queues what finds how far centroids moved.
   *
   * @param before the last that are remembered, the same object, or other ones
   * @param norms of the frame's rows
   */
  DeviceMoves movesTo(DeviceCentroids now, Centroids before, DeviceBuffer norms) {
    long bytes = 4L * before.values().length;
    DeviceBuffer from = work.memory().lease(bytes);
    try {
      if (before == last) {
        values.copyTo(from, work.stream());
      } else {
        work.upload(before.values(), from, 0);
      }
      return new DeviceMoves(from.address(), now, norms, work);
    } finally {
      work.memory().giveBack(from);
    }
  }

  @Override
  public void close() {
    if (values != null) {
      work.memory().giveBack(values);
      values = null;
      last = null;
    }
  }
}
