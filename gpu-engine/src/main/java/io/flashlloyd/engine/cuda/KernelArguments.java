package io.flashlloyd.engine.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;

/**
 * Arguments of one launch, laid out as C does: each aligned to its size, structs to 8. Every {@link
 * #next} starts an argument; the values that follow are its fields.
 */
final class KernelArguments {
  /** More than any kernel of ours takes. */
  private static final int BYTES = 1024;

  private final ByteBuffer memory = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
  private final List<Pointer> starts = new ArrayList<>();

  KernelArguments next() {
    align(8);
    starts.add(Pointer.to(memory).withByteOffset(memory.position()));
    return this;
  }

  /** A device address; 0 is null. */
  KernelArguments address(long value) {
    align(8);
    memory.putLong(value);
    return this;
  }

  KernelArguments address(DeviceBuffer buffer) {
    return address(buffer == null ? 0 : buffer.address());
  }

  KernelArguments int64(long value) {
    return address(value);
  }

  KernelArguments int32(int value) {
    align(4);
    memory.putInt(value);
    return this;
  }

  KernelArguments float32(float value) {
    align(4);
    memory.putFloat(value);
    return this;
  }

  KernelArguments float64(double value) {
    align(8);
    memory.putDouble(value);
    return this;
  }

  /** A field follows that is a struct with addresses. */
  KernelArguments aligned() {
    align(8);
    return this;
  }

  private void align(int size) {
    int at = (memory.position() + size - 1) / size * size;
    memory.position(at);
  }

  /** What cuLaunchKernel takes; this object must stay alive until the launch returned. */
  Pointer pointer() {
    return Pointer.to(starts.toArray(new Pointer[0]));
  }
}
