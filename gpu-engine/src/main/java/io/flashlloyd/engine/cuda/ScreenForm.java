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
