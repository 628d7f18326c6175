package io.flashlloyd.engine.cuda;

import java.util.function.BooleanSupplier;

/** Allocates device memory, and where there is too little, drops what the device tier keeps. */
final class DeviceMemory {
  private static final String OUT_OF_MEMORY = "CUDA_ERROR_OUT_OF_MEMORY";

  private final DeviceContext context;
  private final BooleanSupplier makeRoom;

  /**
   * @param makeRoom frees something that is only kept for speed; false when there is nothing left
   */
  DeviceMemory(DeviceContext context, BooleanSupplier makeRoom) {
    this.context = context;
    this.makeRoom = makeRoom;
  }

  DeviceBuffer allocate(long bytes) {
    while (true) {
      try {
        return new DeviceBuffer(bytes);
      } catch (CudaException e) {
        if (!e.resultName().equals(OUT_OF_MEMORY)) {
          throw e;
        }
        if (!makeRoom.getAsBoolean()) {
          throw new CudaException(
              e.call(),
              OUT_OF_MEMORY,
              ("%d bytes asked for, %d free on %s, nothing left to drop: feed smaller chunks,"
                      + " fewer centroids or free the device of other programs")
                  .formatted(bytes, context.freeMemory(), context.name()));
        }
      }
    }
  }
}
