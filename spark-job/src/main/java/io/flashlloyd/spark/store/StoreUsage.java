package io.flashlloyd.spark.store;

import java.io.Serializable;

/**
 * What executors keep of decoded chunks.
 *
 * @param memoryBytes in host memory
 * @param pinnedBytes of these processes' memory that is page-locked, spare pieces too
 * @param diskBytes on local disks
 * @param deviceBytes in the memory of GPUs
 */
public record StoreUsage(long memoryBytes, long pinnedBytes, long diskBytes, long deviceBytes)
    implements Serializable {
  /** Of both, for example of two executors. */
  public StoreUsage plus(StoreUsage other) {
    return new StoreUsage(
        memoryBytes + other.memoryBytes,
        pinnedBytes + other.pinnedBytes,
        diskBytes + other.diskBytes,
        deviceBytes + other.deviceBytes);
  }
}
