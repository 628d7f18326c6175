package io.flashlloyd.engine.cuda;

import static io.flashlloyd.engine.cuda.CudaException.check;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/**
 * Bytes of device memory. Owned by who allocated it; close() frees it at once, so streams must be
 * done with it.
 */
final class DeviceBuffer implements AutoCloseable {
  private final Address address = new Address();
  private final long bytes;
  private boolean open = true;

  /** Throws CUDA_ERROR_OUT_OF_MEMORY where there is too little; {@link DeviceMemory} makes room. */
  DeviceBuffer(long bytes) {
    this.bytes = bytes;
    check(
        JCudaDriver.cuMemAlloc(address, Math.max(bytes, 1)),
        "cuMemAlloc",
        bytes + " bytes of device memory");
  }

  /** None once it is closed: then it is too small for anyone. */
  long bytes() {
    return open ? bytes : 0;
  }

  /** What kernels take. */
  long address() {
    return address.value();
  }

  CUdeviceptr pointer(long offset) {
    return address.withByteOffset(offset);
  }

  /** Fills {@code count} bytes from {@code offset}. */
  void fill(long offset, long count, int value, DeviceStream stream) {
    check(
        JCudaDriver.cuMemsetD8Async(pointer(offset), (byte) value, count, stream.handle()),
        "cuMemsetD8Async",
        count + " bytes at " + offset + " of " + bytes);
  }

  void zero(DeviceStream stream) {
    fill(0, bytes, 0, stream);
  }

  /** Host to device; returns at once only if the host memory is pinned. */
  void copyFrom(Pointer host, long offset, long count, DeviceStream stream) {
    check(
        JCudaDriver.cuMemcpyHtoDAsync(pointer(offset), host, count, stream.handle()),
        "cuMemcpyHtoDAsync",
        count + " bytes to " + offset + " of " + bytes);
  }

  /** Device to host; returns at once only if the host memory is pinned. */
  void copyTo(Pointer host, long offset, long count, DeviceStream stream) {
    check(
        JCudaDriver.cuMemcpyDtoHAsync(host, pointer(offset), count, stream.handle()),
        "cuMemcpyDtoHAsync",
        count + " bytes from " + offset + " of " + bytes);
  }

  /** Device to device, all of it. */
  void copyTo(DeviceBuffer other, DeviceStream stream) {
    copyTo(other, 0, bytes, stream);
  }

  /** Device to device, {@code count} bytes from {@code offset} to the other's beginning. */
  void copyTo(DeviceBuffer other, long offset, long count, DeviceStream stream) {
    check(
        JCudaDriver.cuMemcpyDtoDAsync(other.pointer(0), pointer(offset), count, stream.handle()),
        "cuMemcpyDtoDAsync",
        count + " bytes to " + other.bytes);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      check(JCudaDriver.cuMemFree(address), "cuMemFree", bytes + " bytes of device memory");
    }
  }

  /** JCuda keeps the number to itself and its subclasses; kernel arguments in structs need it. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer() + getByteOffset();
    }
  }
}
