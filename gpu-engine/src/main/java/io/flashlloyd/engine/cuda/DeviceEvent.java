package io.flashlloyd.engine.cuda;

import static io.flashlloyd.engine.cuda.CudaException.check;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A point in a stream. */
final class DeviceEvent implements AutoCloseable {
  private final CUevent event = new CUevent();

  /** An event for ordering; cheaper than one that can be timed. */
  DeviceEvent() {
    this(CUevent_flags.CU_EVENT_DISABLE_TIMING);
  }

  private DeviceEvent(int flags) {
    check(JCudaDriver.cuEventCreate(event, flags), "cuEventCreate", "flags " + flags);
  }

  static DeviceEvent timed() {
    return new DeviceEvent(CUevent_flags.CU_EVENT_DEFAULT);
  }

  CUevent handle() {
    return event;
  }

  DeviceEvent record(DeviceStream stream) {
    check(JCudaDriver.cuEventRecord(event, stream.handle()), "cuEventRecord", "");
    return this;
  }

  /** Blocks until the point is reached; what failed on the device before it is thrown here. */
  void synchronize() {
    check(JCudaDriver.cuEventSynchronize(event), "cuEventSynchronize", "");
  }

  /** Milliseconds of device time from {@code start} to this; both reached, both timed. */
  float millisSince(DeviceEvent start) {
    float[] millis = new float[1];
    check(JCudaDriver.cuEventElapsedTime(millis, start.event, event), "cuEventElapsedTime", "");
    return millis[0];
  }

  @Override
  public void close() {
    check(JCudaDriver.cuEventDestroy(event), "cuEventDestroy", "");
  }
}
