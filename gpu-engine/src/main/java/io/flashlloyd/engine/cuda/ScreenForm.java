package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;

/**
 * How the screen reads a chunk's rows: as they are, or from what is made of them once and, where
 * the chunk stays on the device, stays with it.
 *
 * @param copied from float16 copies in the screen's frame
 * @param imaged from tile images, of the copies where there are any
 */
record ScreenForm(boolean copied, boolean imaged) {
  /**
   * Of rows of this type.
   *
   * @param registers whether the screen is the Hopper one that takes bytes into its registers
   * @param imaged whether it is the one that reads images
   */
  static ScreenForm of(ElementType type, boolean registers, boolean imaged) {
    boolean copied = type == ElementType.FLOAT32 || (type != ElementType.FLOAT16 && !registers);
    return new ScreenForm(copied, imaged);
  }

  /** Of rows of this type on a Hopper card. */
  static ScreenForm onHopper(ElementType type, int dimension) {
    boolean registers = dimension <= HopperShape.MAX_DIMENSION;
    return of(type, registers, !registers);
  }

  /** Bytes from row to row of what the screen reads, unless from images. */
  int stride(ElementType type, int dimension) {
    return copied
        ? 2 * KernelShapes.screenStride(dimension)
        : KernelShapes.rowBytes(dimension, type);
  }

  /** Which RowKind of screen.cuh that is. */
  int rowKind(ElementType type) {
    if (copied) {
      return 0;
    }
    return switch (type) {
      case FLOAT16, FLOAT32 -> 0;
      case UINT8 -> 1;
      case INT8 -> 2;
    };
  }
}
