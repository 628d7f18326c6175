package io.flashlloyd.engine.cuda;

import static io.flashlloyd.engine.cuda.CudaException.check;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** An ordered queue of device work. */
final class DeviceStream implements AutoCloseable {
  private final CUstream stream = new CUstream();
  private final String name;

  DeviceStream(String name) {
    this.name = name;
    check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate",
        name);
  }

  CUstream handle() {
    return stream;
  }

  /** All that is queued later waits for the event. */
  void await(DeviceEvent event) {
    check(JCudaDriver.cuStreamWaitEvent(stream, event.handle(), 0), "cuStreamWaitEvent", name);
  }

  /** Blocks until all that was queued is done; what failed on the device is thrown here. */
  void synchronize() {
    check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize", name);
  }

  @Override
  public void close() {
    check(JCudaDriver.cuStreamDestroy(stream), "cuStreamDestroy", name);
  }
}
