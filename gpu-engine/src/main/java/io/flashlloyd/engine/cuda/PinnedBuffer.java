package io.flashlloyd.engine.cuda;

import static io.flashlloyd.engine.cuda.CudaException.check;

import io.flashlloyd.engine.HostMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked host memory, which the copy engines read at the full rate of the bus. Pinning costs
 * about half a second a GiB, so allocate once and reuse. Rows in {@link #bytes} are copied without
 * staging. close() frees it; nobody may touch the bytes afterwards.
 */
public final class PinnedBuffer implements HostMemory {
  private final Pointer pointer = new Pointer();
  private final ByteBuffer bytes;
  private boolean open = true;

  /** At most 2 GiB. Needs a current context: use {@link CudaEngine#pin}. */
  PinnedBuffer(int size) {
    check(
        JCudaDriver.cuMemHostAlloc(
            pointer,
            size,
            JCudaDriver.CU_MEMHOSTALLOC_PORTABLE | JCudaDriver.CU_MEMHOSTALLOC_DEVICEMAP),
        "cuMemHostAlloc",
        size + " bytes of pinned host memory");
    this.bytes = pointer.getByteBuffer(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer bytes() {
    return bytes;
  }

  Pointer pointer(long offset) {
    return pointer.withByteOffset(offset);
  }

  /** Whether the driver knows this host memory as pinned. */
  static boolean isPinned(ByteBuffer direct) {
    return JCudaDriver.cuMemHostGetDevicePointer(new CUdeviceptr(), Pointer.to(direct), 0)
        == CUresult.CUDA_SUCCESS;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      check(JCudaDriver.cuMemFreeHost(pointer), "cuMemFreeHost", bytes.capacity() + " bytes");
    }
  }
}
