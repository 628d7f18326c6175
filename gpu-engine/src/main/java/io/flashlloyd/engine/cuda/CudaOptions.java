package io.flashlloyd.engine.cuda;

/**
 * How a {@link CudaEngine} uses its device.
 *
 * @param device the CUDA ordinal
 * @param tierBytes device memory for chunks that stay; negative: most of what is free
 * @param screen which screen; all give the same bits
 * @param bounds whether rows may be left out of it; likewise
 */
public record CudaOptions(int device, long tierBytes, ScreenChoice screen, BoundsChoice bounds) {
  /** Device {@code device}, its free memory, its best screen. */
  public static CudaOptions device(int device) {
    return new CudaOptions(device, -1, ScreenChoice.BEST, BoundsChoice.USE);
  }

  /** The same with another tier; 0 keeps no rows between passes. */
  public CudaOptions withTierBytes(long bytes) {
    return new CudaOptions(device, bytes, screen, bounds);
  }

  /** The same with another screen. */
  public CudaOptions withScreen(ScreenChoice choice) {
    return new CudaOptions(device, tierBytes, choice, bounds);
  }

  /** The same with another use of bounds. */
  public CudaOptions withBounds(BoundsChoice choice) {
    return new CudaOptions(device, tierBytes, screen, choice);
  }
}
