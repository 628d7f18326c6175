package io.flashlloyd.engine.cuda;

/**
 * What the kernels want beside a chunk's rows, made of them on the device. Guarded by the engine's
 * lock.
 */
final class RowCopies implements AutoCloseable {
  /** [count x screenStride] float16 in {@link #frame}; null where the screen reads rows. */
  DeviceBuffer screen;

  /** [count] norms of what the screen copy lost; null where there is none. */
  DeviceBuffer residuals;

  /** [count] squared norms in {@link #frame}. */
  DeviceBuffer norms;

  /** Tile images of the screen's rows, where the screen reads those. */
  DeviceBuffer image;

  /** What all of this was made in; null while there is nothing. */
  ScreenFrame frame;

  @Override
  public void close() {
    for (DeviceBuffer buffer : new DeviceBuffer[] {screen, residuals, norms, image}) {
      if (buffer != null) {
        buffer.close();
      }
    }
    screen = null;
    residuals = null;
    norms = null;
    image = null;
    frame = null;
  }
}
