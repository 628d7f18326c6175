package io.flashlloyd.engine.cuda;

/**
 * How a {@link CudaEngine} uses its device.
 *
 * @param device the CUDA ordinal
 * @param tierBytes device memory for chunks that stay; negative: most of what is free
 * @param screen which screen; all give the same bits
 */
public record CudaOptions(int device, long tierBytes, ScreenChoice screen) {
  /** Device {@code device}, its free memory, its best screen. */
  public static CudaOptions device(int device) {
    return new CudaOptions(device, -1, ScreenChoice.BEST);
  }

  /** The same with another tier; 0 keeps no rows between passes. */
  public CudaOptions withTierBytes(long bytes) {
    return new CudaOptions(device, bytes, screen);
  }

  /** The same with another screen. */
  public CudaOptions withScreen(ScreenChoice choice) {
    return new CudaOptions(device, tierBytes, choice);
  }
}
