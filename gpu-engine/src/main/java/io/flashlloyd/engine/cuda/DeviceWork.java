package io.flashlloyd.engine.cuda;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Set;

/**
 * What everything that queues device work needs: context, kernels, memory, the compute stream, the
 * way over the bus. Guarded by the engine's lock.
 */
final class DeviceWork implements AutoCloseable {
  private static final int STAGING_PIECES = 8;
  private static final int STAGING_BYTES = 4 << 20;

  private final DeviceContext context;
  private final KernelModule module;
  private final DeviceMemory memory;
  private final DeviceStream stream;
  private final StagingRing staging;

  DeviceWork(DeviceContext context, DeviceMemory memory) {
    this.context = context;
    this.memory = memory;
    this.module = new KernelModule(context);
    this.stream = new DeviceStream("compute");
    this.staging = new StagingRing(STAGING_PIECES, STAGING_BYTES, stream);
  }

  DeviceContext context() {
    return context;
  }

  DeviceMemory memory() {
    return memory;
  }

  DeviceStream stream() {
    return stream;
  }

  StagingRing staging() {
    return staging;
  }

  void launch(
      KernelCatalog kernel, int grid, int threads, int sharedBytes, KernelArguments arguments) {
    module.launch(kernel, grid, threads, sharedBytes, stream, arguments);
  }

  /** Kernels launched so far. */
  Set<KernelCatalog> launched() {
    return module.launched();
  }

  void upload(float[] values, DeviceBuffer to, long toOffset) {
    staging.copyIn(
        (piece, offset) -> {
          FloatBuffer floats = piece.asFloatBuffer();
          floats.put(values, (int) (offset / 4), floats.remaining());
        },
        to,
        toOffset,
        values.length * 4L,
        stream);
  }

  void upload(double[] values, DeviceBuffer to, long toOffset) {
    staging.copyIn(
        (piece, offset) -> {
          DoubleBuffer doubles = piece.asDoubleBuffer();
          doubles.put(values, (int) (offset / 8), doubles.remaining());
        },
        to,
        toOffset,
        values.length * 8L,
        stream);
  }

  @Override
  public void close() {
    memory.close();
    staging.close();
    stream.close();
    module.close();
  }
}
